package dev.keyturn.server.arm;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.model.SecretBytes;

/** Keeps what it is given, for CVMs without a set; what it really does is not what is tested here. */
final class TestPlatformKey implements PlatformKey {
    @Override
    public byte[] seal(SecretBytes plaintext, String context) {
        return plaintext.reveal(p -> xor(p, context));
    }

    @Override
    public SecretBytes open(byte[] sealed, String context) {
        return SecretBytes.adopt(xor(sealed, context));
    }

    private static byte[] xor(byte[] in, String context) {
        byte[] out = in.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= (byte) (0x5a + context.length());
        }
        return out;
    }
}
