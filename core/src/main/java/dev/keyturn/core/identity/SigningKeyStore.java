package dev.keyturn.core.identity;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;

/** The rows of token signing keys. */
@CheckReturnValue
public interface SigningKeyStore {
    void insert(Tx tx, SigningKey key);

    /** Newest first. */
    List<SigningKey> all(Tx tx);

    /** Deletes those made before the time, but never the newest. */
    void deleteCreatedBefore(Tx tx, Instant time);
}
