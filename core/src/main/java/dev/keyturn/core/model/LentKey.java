package dev.keyturn.core.model;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import javax.crypto.SecretKey;

/**
 * Secret bytes as the JDK's ciphers want a key: without a copy of its own, so that it ends with them. The JDK's own
 * {@code SecretKeySpec} holds a copy that nobody can zero. Whoever asks for the encoding gets a copy, which the JDK's
 * ciphers zero when they have made their round keys.
 */
final class LentKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient SecretBytes bytes;
    private final String algorithm;

    LentKey(SecretBytes bytes, String algorithm) {
        this.bytes = bytes;
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return bytes.reveal(byte[]::clone);
    }

    @Override
    public boolean isDestroyed() {
        return bytes.closed();
    }

    @Override
    public void destroy() {
        bytes.close();
    }

    @SuppressWarnings("UnusedVariable") // the signature is that of serialization
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a key");
    }

    @Override
    public String toString() {
        return algorithm + " key, redacted";
    }
}
