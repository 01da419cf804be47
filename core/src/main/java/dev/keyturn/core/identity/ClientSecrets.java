package dev.keyturn.core.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/**
 * Makes and hashes client secrets. They are 256 random bits that only this server makes, so a plain salted SHA-256 is
 * as hard to invert as the secret is to guess; a slow hash would only slow sign-in.
 */
final class ClientSecrets {
    private static final int BYTES = 32;
    static final int HINT = 3;

    private ClientSecrets() {}

    static String random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] hash(UUID keyId, String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(keyId.toString().getBytes(StandardCharsets.US_ASCII));
            return sha.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Constant-time. */
    static boolean matches(ClientSecret stored, String secret) {
        return MessageDigest.isEqual(stored.hash(), hash(stored.keyId(), secret));
    }
}
