package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** Resources of one kind that are under disk encryption sets: VMs, or disks. */
public interface SetMembers {
    /** Those of the set by id, from after {@code after}. */
    List<ArmId> under(Tx tx, ArmId set, Optional<String> after, int limit);

    long count(Tx tx, ArmId set);
}
