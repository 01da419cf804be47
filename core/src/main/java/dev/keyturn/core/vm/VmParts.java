package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.disk.DiskParts;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What the services and operations of VMs stand on: what their disks stand on, and the VMs' own rows. {@code
 * shutdownLimit} is how long a guest has to shut down before the plug is pulled.
 */
public record VmParts(DiskParts disk, VmStore vms, Duration shutdownLimit) {
    public Transactions transactions() {
        return disk.transactions();
    }

    public DiskStore disks() {
        return disk.disks();
    }

    public ArtifactStore artifacts() {
        return disk.artifacts();
    }

    public DiskSetStore sets() {
        return disk.sets();
    }

    /** What lends data keys. */
    public ArtifactKeys keys() {
        return disk.keys();
    }

    /** What says whether a set can use its keys. */
    public KeyGate gate() {
        return disk.gate();
    }

    public Hosts hosts() {
        return disk.hosts();
    }

    public OperationService operations() {
        return disk.operations();
    }

    public ResourceGroupService groups() {
        return disk.groups();
    }

    public Doors doors() {
        return disk.doors();
    }

    public Clock clock() {
        return disk.clock();
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
