package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.disk.DiskParts;
import dev.keyturn.core.disk.DiskRows;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.diskset.SetRows;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import java.time.Clock;
import java.util.List;

/**
 * What the service and the operations of VMs stand on: what their disks stand on, and the VMs' own rows. No other
 * package has more of it than the handlers.
 */
public record VmParts(DiskParts disk, VmStore vms) {
    Transactions transactions() {
        return disk.transactions();
    }

    DiskStore disks() {
        return disk.disks();
    }

    ArtifactStore artifacts() {
        return disk.artifacts();
    }

    DiskSetStore sets() {
        return disk.sets();
    }

    /** What lends data keys. */
    ArtifactKeys keys() {
        return disk.keys();
    }

    /** What says whether a set can use its keys. */
    KeyGate gate() {
        return disk.gate();
    }

    Hosts hosts() {
        return disk.hosts();
    }

    OperationService operations() {
        return disk.operations();
    }

    ResourceGroupService groups() {
        return disk.groups();
    }

    Doors doors() {
        return disk.doors();
    }

    Clock clock() {
        return disk.clock();
    }

    VmRows rows() {
        return new VmRows(vms, clock());
    }

    DiskRows diskRows() {
        return disk.rows();
    }

    SetRows setRows() {
        return disk.setRows();
    }

    CompleteVms complete() {
        return new CompleteVms(disks(), artifacts());
    }

    Starting starting() {
        return new Starting(keys(), setRows(), hosts());
    }

    /** The handlers of every operation on VMs but those on their power, for the runner of operations. */
    public List<OperationHandler> handlers() {
        return List.of(
                new CreateVmHandler(this),
                new UpdateVmHandler(this),
                new DeleteVmHandler(this),
                new UnplugDiskHandler(this));
    }
}
