package dev.keyturn.core.fleet;

import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.List;

/**
 * What somebody has to look after, of a subscription as far as a reach goes. However many groups that has, each is one
 * question. It reads an index and no more rows than it answers, but for the VMs under a key version: those are found by
 * the artifacts under it, which are read once.
 */
@CheckReturnValue
public interface WatchStore {
    /** Sets of the reach, its single ones too, by id. */
    List<ArmId> sets(Tx tx, String subscription, Reach reach, int limit);

    /** VMs of the groups of the reach whose last start, stop or run did not end well, by id. */
    Machines faulty(Tx tx, String subscription, Reach reach, int limit);

    /** VMs of the set, of the groups of the reach, by id. */
    Machines of(Tx tx, String subscription, Reach reach, ArmId set, int limit);

    /** How many {@link #of} finds without a limit. */
    long countOf(Tx tx, String subscription, Reach reach, ArmId set);

    /** VMs of the groups of the reach that have an artifact of the set under that key version, by id. */
    Machines under(Tx tx, String subscription, Reach reach, ArmId set, KeyId key, int limit);
}
