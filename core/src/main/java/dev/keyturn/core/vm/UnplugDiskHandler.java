package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskWork;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes a disk from a machine that may have it, although its VM does not: what is left of an attachment, or a detachment,
 * that failed. Until then the disk is no VM's and busy. Never given up, because nothing else would free it; it ends at the
 * latest when the machine stops. It is on the disk and not on the VM, so that it is in the way of no stop.
 */
final class UnplugDiskHandler implements OperationHandler {
    private static final String VM = "vm";

    private final VmParts parts;
    private final DiskWork disks;

    UnplugDiskHandler(VmParts parts) {
        this.parts = parts;
        this.disks = new DiskWork(parts.disk());
    }

    static void begin(Tx tx, VmParts parts, ConfidentialVm vm, Disk disk, Operation because) {
        Disk busy = parts.diskRows()
                .attached(tx, disk, Optional.empty(), Optional.empty(), false, ProvisioningState.UPDATING);
        parts.operations()
                .follow(
                        tx,
                        OperationKind.UNPLUG_DISK,
                        busy.id(),
                        Map.of(VM, vm.vmId().toString()),
                        because);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.UNPLUG_DISK;
    }

    @Override
    public boolean givesUp() {
        return false;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ArmId id = operation.target();
        Disk disk = lease.read(tx -> parts.diskRows().disk(tx, id));
        Artifact artifact = lease.read(tx -> parts.artifacts().ownedBy(tx, id)).orElseThrow();
        UUID vm = UUID.fromString(operation.argument(VM));
        parts.hosts().named(disk.host()).unplug(lease.fence(), vm, disks.image(lease, artifact));
        return tx -> {
            disks.to(tx, id, ProvisioningState.SUCCEEDED);
            return Optional.empty();
        };
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        throw new IllegalStateException("operation " + operation.id() + " was given up");
    }
}
