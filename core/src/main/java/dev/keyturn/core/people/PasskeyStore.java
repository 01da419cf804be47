package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of passkeys, of who needs one, and of challenges that were answered. */
@CheckReturnValue
public interface PasskeyStore {
    /** Missed, and nothing changed, where there is one with this id. */
    Hit insert(Tx tx, Passkey passkey);

    Optional<Passkey> find(Tx tx, String id);

    /** Oldest first. */
    List<Passkey> of(Tx tx, PrincipalId person);

    /** Notes a signature. Missed where it is gone, or its counter is not {@code before} any more. */
    Hit used(Tx tx, String id, long before, PasskeyKey now, Instant at);

    /** Missed where the person has none with this id. */
    Hit rename(Tx tx, PrincipalId person, String id, String name);

    /** Missed where the person has none with this id. */
    Hit delete(Tx tx, PrincipalId person, String id);

    /** All of the person, who needs none from then on. */
    void deleteAll(Tx tx, PrincipalId person);

    /** Whether the person's password alone lets nobody in; false where there is no such person. */
    boolean required(Tx tx, PrincipalId person);

    /** Missed where there is no such person. */
    Hit require(Tx tx, PrincipalId person, boolean required);

    /** Notes that a challenge was answered; kept until it is over. Missed where it was answered before. */
    Hit answered(Tx tx, String challenge, Instant over);

    /** Forgets answered challenges that are over. */
    void deleteOver(Tx tx, Instant now);
}
