package dev.keyturn.core.model;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Makes the JDK's ciphers forget. They keep a copy of the key that they were used with last, which nobody zeroes when
 * they are thrown away; used with another key they zero it first. So whoever is done with one gives it a key of zeros.
 */
public final class KeyTraces {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecretBytes ZEROS = SecretBytes.adopt(new byte[32]);

    private KeyTraces() {}

    /** For a cipher of {@code AES/GCM/NoPadding}; it needs its own key again before it is used. */
    public static void wipe(Cipher gcm) {
        try {
            gcm.init(Cipher.ENCRYPT_MODE, ZEROS.asKey("AES"), new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        } catch (GeneralSecurityException e) {
            return; // it has forgotten: it refuses the same key and nonce twice
        }
    }

    /** It needs its own key again before it is used. */
    public static void wipe(Mac mac) {
        SecretKey zeros = ZEROS.asKey(mac.getAlgorithm());
        try {
            mac.init(zeros);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a MAC does not take a key of zeros", e);
        }
    }
}
