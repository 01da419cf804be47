package dev.keyturn.core.envelope;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of set keys. */
@CheckReturnValue
public interface SetKeyStore {
    /** @throws IllegalStateException where the pair of set and key version has one already */
    void insert(Tx tx, SetKey key);

    Optional<SetKey> find(Tx tx, SetKeyId id);

    Optional<SetKey.Customer> find(Tx tx, ArmId set, KeyId key);

    Optional<SetKey.Platform> platform(Tx tx);

    /** Those of the set that at least one artifact is under, oldest first. */
    List<SetKey.Customer> inUse(Tx tx, ArmId set);

    /**
     * Whether any artifact is under this key version, in whatever set, or a rotation is about to put some there. The
     * domain of the vault's host does not count: a server may be given another.
     */
    boolean inUse(Tx tx, KeyId key);

    /** Deletes the set's set keys that no artifact is under, but for {@code keep}. */
    void deleteUnused(Tx tx, ArmId set, Optional<SetKeyId> keep);
}
