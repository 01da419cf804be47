package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;

/**
 * A browser in which a person has signed in. {@code id} is the hash of what the browser keeps; {@code seenAt} is up to a
 * minute old. {@code shownAt} is when the person showed who it is: where a provider outside says so, that is before the session. Times are the server's own ({@code ServerTime.latest}), so that a clock that is set back prolongs nothing.
 */
public record Session(
        String id, PrincipalId person, How how, Instant createdAt, Instant shownAt, Instant seenAt, String address) {
    /** How long one lasts without a request. */
    public static final Duration IDLE = Duration.ofHours(1);
    /** How long one lasts whatever happens. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** How long after the person showed who it is the person's own ways to sign in can be changed, and a client let in, with it. */
    public static final Duration FRESH = Duration.ofMinutes(10);

    /** How the person was known. */
    public enum How {
        PASSWORD,
        LINK,
        PASSKEY,
        /** A provider outside knows the person; perhaps it has known them for hours. */
        PROVIDER,
        /** The person showed to a provider outside just then who it is. */
        PROVIDER_NOW
    }

    /** Whether the person has shown just now who it is. */
    public boolean fresh(Instant now) {
        return how != How.PROVIDER && now.isBefore(shownAt.plus(FRESH));
    }

    /** Whether it ended before {@code now} by itself. */
    boolean over(Instant now) {
        return !now.isBefore(seenAt.plus(IDLE)) || !now.isBefore(createdAt.plus(LONGEST));
    }
}
