package dev.keyturn.server.portal.frame;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a form must bring, to show that a page of this server made it for this browser: an HMAC-SHA256 under what the
 * browser has in its cookie. It gives nothing of the cookie away.
 */
public final class Csrf {
    private static final byte[] PURPOSE = "keyturn form".getBytes(StandardCharsets.US_ASCII);

    private Csrf() {}

    public static String token(String cookie) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cookie.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(PURPOSE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Constant-time. */
    public static boolean matches(String cookie, String brought) {
        return MessageDigest.isEqual(
                token(cookie).getBytes(StandardCharsets.US_ASCII), brought.getBytes(StandardCharsets.UTF_8));
    }
}
