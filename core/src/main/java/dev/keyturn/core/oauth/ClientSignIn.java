package dev.keyturn.core.oauth;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A client in which a person is signed in. {@code id} is in its access tokens, and worth nothing by itself; {@code token}
 * is the hash of the refresh token that is good, {@code before} that of the one before it, which {@code salt} turns into
 * the one that is good. {@code authenticatedAt}: when the person had signed in to the portal, whatever came since. {@code
 * renewedAt}: when it had its last refresh token. Times are the server's own ({@code
 * ServerTime.latest}).
 */
public record ClientSignIn(
        String id,
        PrincipalId person,
        PublicClient client,
        String token,
        Optional<String> before,
        Optional<String> salt,
        Instant authenticatedAt,
        Instant createdAt,
        Instant renewedAt,
        String address) {
    /** How long one lasts without a new access token. */
    public static final Duration IDLE = Duration.ofDays(3);
    /** How long one lasts whatever happens. */
    public static final Duration LONGEST = Duration.ofDays(14);
    /**
     * How long the refresh token before is still taken, and no further one made: processes of one client may renew at the
     * same time.
     */
    public static final Duration GRACE = Duration.ofSeconds(60);

    /** When it ends if no new token is asked for. */
    public Instant endsAt() {
        Instant idle = renewedAt.plus(IDLE);
        Instant longest = createdAt.plus(LONGEST);
        return idle.isBefore(longest) ? idle : longest;
    }

    boolean over(Instant now) {
        return !now.isBefore(endsAt());
    }
}
