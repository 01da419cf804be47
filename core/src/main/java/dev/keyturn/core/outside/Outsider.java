package dev.keyturn.core.outside;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody whom an outside provider has signed in here, known by issuer and subject and by nothing else. Immutable.
 *
 * @param person empty once the person was deleted here: then this one stays out
 * @param name of the person, for people to read
 * @param signedInAt when the provider said last who this is and in which groups
 */
public record Outsider(String issuer, String subject, Optional<PrincipalId> person, String name, Instant signedInAt) {
    /** How old what the provider said may be, for programs that go on by themselves; as long as a session lasts. */
    public static final Duration TRUSTED = Session.LONGEST;

    /** Whether the person has to sign in at the provider again before a program goes on. */
    public boolean stale(Instant now) {
        return !now.isBefore(signedInAt.plus(TRUSTED));
    }
}
