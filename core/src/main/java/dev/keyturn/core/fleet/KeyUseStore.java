package dev.keyturn.core.fleet;

import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.List;

/**
 * What is under versions of keys. {@code key} names one; with an empty version all of its key, with an empty name as well
 * all of its vault. The domain of the vault's host does not count: a server may be given another.
 */
@CheckReturnValue
public interface KeyUseStore {
    /**
     * The sets with artifacts under it, those whose active key it is, and those that a running rotation changes to it, one
     * for each version; by set.
     */
    List<KeyUse> uses(Tx tx, String subscription, KeyId key);

    /** How many VMs have an artifact under it, by power state. What it costs grows with the artifacts under it. */
    VmCounts count(Tx tx, String subscription, KeyId key);

    /** Some of them, those that run first, by id. */
    List<ConfidentialVm> vms(Tx tx, String subscription, KeyId key, int limit);
}
