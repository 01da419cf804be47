package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key pair of a person's device or password manager, of which the public half is here (WebAuthn's credential record).
 * Immutable.
 *
 * @param id the credential's id, base64url without padding
 * @param name what its person calls it
 * @param lastUsedAt by the server's time, to sign in
 * @param transports how a browser reaches it, as browsers say it
 */
public record Passkey(
        String id,
        PrincipalId person,
        String name,
        PasskeyKey key,
        Instant createdAt,
        Optional<Instant> lastUsedAt,
        List<String> transports) {
    /** Longest name, in characters. */
    public static final int LONGEST_NAME = 60;

    public Passkey {
        transports = List.copyOf(transports);
    }
}
