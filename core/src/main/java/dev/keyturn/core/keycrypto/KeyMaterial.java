package dev.keyturn.core.keycrypto;

import dev.keyturn.core.model.SecretBytes;

/**
 * Private key material on its way in: the one moment in which something above a {@link KeyBackend} holds it. Numbers
 * are unsigned and big-endian. Close zeroes it.
 */
public sealed interface KeyMaterial extends AutoCloseable {
    @Override
    void close();

    /** {@code d} and the two primes; the rest of a private RSA key follows from them. */
    record Rsa(byte[] n, byte[] e, SecretBytes d, SecretBytes p, SecretBytes q) implements KeyMaterial {
        @Override
        public void close() {
            d.close();
            p.close();
            q.close();
        }
    }

    record Ec(Curve curve, byte[] x, byte[] y, SecretBytes d) implements KeyMaterial {
        @Override
        public void close() {
            d.close();
        }
    }

    record Oct(SecretBytes k) implements KeyMaterial {
        @Override
        public void close() {
            k.close();
        }
    }
}
