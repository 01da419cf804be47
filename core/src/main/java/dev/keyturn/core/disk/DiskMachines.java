package dev.keyturn.core.disk;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** What disks ask of VMs, which are above them. */
public interface DiskMachines {
    /** The power state of a VM; empty where there is none of that id. */
    Optional<PowerState> power(Tx tx, ArmId vm);

    /** How many VMs were placed on the host of that name. */
    long countOn(Tx tx, String host);
}
