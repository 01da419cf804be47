package dev.keyturn.core.power;

import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.diskset.SetRows;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.CompleteVms;
import dev.keyturn.core.vm.Starting;
import dev.keyturn.core.vm.VmRows;
import dev.keyturn.core.vm.VmStore;
import java.time.Clock;
import java.time.Duration;

/**
 * What power stands on. {@code shutdownLimit} is how long a guest has to shut down before the plug is pulled.
 */
public record PowerParts(
        VmStore vms,
        StoppedVmStore stopped,
        DiskStore disks,
        DiskSetStore sets,
        ArtifactKeys keys,
        KeyGate gate,
        Hosts hosts,
        ResourceGroupService groups,
        OperationService operations,
        Doors doors,
        Duration shutdownLimit,
        Clock clock) {

    Transactions transactions() {
        return keys.transactions();
    }

    VmRows rows() {
        return new VmRows(vms, clock);
    }

    SetRows setRows() {
        return new SetRows(sets);
    }

    CompleteVms complete() {
        return new CompleteVms(disks, keys.artifacts());
    }

    Starting starting() {
        return new Starting(keys, setRows(), hosts);
    }
}
