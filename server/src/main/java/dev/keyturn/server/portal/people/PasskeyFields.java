package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.PasskeyAnswer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the script of the portal puts into a form of what an authenticator said: base64url, each in a field. */
final class PasskeyFields {
    private static final int MOST_TRANSPORTS = 10;

    private PasskeyFields() {}

    static PasskeyAnswer.Made made(Map<String, String> form) {
        return new PasskeyAnswer.Made(
                form.getOrDefault("challenge", ""),
                bytes(form, "client"),
                bytes(form, "attestation"),
                transports(form));
    }

    static PasskeyAnswer.Signed signed(Map<String, String> form) {
        return new PasskeyAnswer.Signed(
                form.getOrDefault("challenge", ""),
                form.getOrDefault("credential", ""),
                bytes(form, "client"),
                bytes(form, "authenticator"),
                bytes(form, "signature"),
                bytes(form, "handle"));
    }

    /** Nothing, which no check takes, where it is no base64url. */
    private static byte[] bytes(Map<String, String> form, String field) {
        try {
            return Base64.getUrlDecoder().decode(form.getOrDefault(field, ""));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static List<String> transports(Map<String, String> form) {
        return Stream.of(form.getOrDefault("transports", "").split(","))
                .filter(t -> t.matches("[a-z-]{1,20}"))
                .limit(MOST_TRANSPORTS)
                .toList();
    }
}
