package dev.keyturn.core.outside;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of people whom a provider outside signs in. They outlive their people: who was deleted here is still known. */
@CheckReturnValue
public interface OutsideStore {
    /** Missed, and nothing changed, where the subject is known or the person has another one. */
    Hit insert(Tx tx, Outsider outsider);

    Optional<Outsider> find(Tx tx, String issuer, String subject);

    Optional<Outsider> find(Tx tx, PrincipalId person);

    /** Missed where the subject is not known. */
    Hit signedIn(Tx tx, String issuer, String subject, Instant at);

    /** Those whose people were deleted here, by name. */
    List<Outsider> shutOut(Tx tx, int limit);

    /** Missed where the subject is not known, or its person is there. */
    Hit readmit(Tx tx, String issuer, String subject);
}
