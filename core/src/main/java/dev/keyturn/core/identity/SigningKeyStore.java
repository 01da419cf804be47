package dev.keyturn.core.identity;

import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;

/** The rows of token signing keys. */
public interface SigningKeyStore {
    void insert(Tx tx, SigningKey key);

    /** Newest first. */
    List<SigningKey> all(Tx tx);

    /** Deletes those made before the time, but never the newest; returns how many. */
    int deleteCreatedBefore(Tx tx, Instant time);
}
