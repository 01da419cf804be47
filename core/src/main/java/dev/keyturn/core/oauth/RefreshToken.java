package dev.keyturn.core.oauth;

import dev.keyturn.core.people.RandomToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A refresh token: what names the sign-in, a dot, and what changes each time. The next one is an HMAC-SHA256 of a random
 * salt under the present one: who has the present one and asks twice gets the same next one, and nobody gets it from
 * what is stored.
 */
record RefreshToken(String text) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{43}");
    private static final int NAME = 43;

    static RefreshToken first(SecureRandom random) {
        return new RefreshToken(RandomToken.make(random) + "." + RandomToken.make(random));
    }

    static Optional<RefreshToken> parse(String text) {
        return Optional.of(text).filter(t -> FORM.matcher(t).matches()).map(RefreshToken::new);
    }

    /** The id of the sign-in. It goes into access tokens, so it must not lead back here. */
    String signIn() {
        return RandomToken.hash(text.substring(0, NAME));
    }

    String hash() {
        return RandomToken.hash(text);
    }

    RefreshToken next(String salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(text.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            byte[] made = mac.doFinal(salt.getBytes(StandardCharsets.US_ASCII));
            return new RefreshToken(text.substring(0, NAME + 1)
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(made));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "RefreshToken[redacted]";
    }
}
