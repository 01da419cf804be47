package dev.keyturn.core.disk;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * A disk that is attached to none: its key, then its image. Once the key is gone the set counts the disk no more; where
 * the host does not delete the image the disk stays as Failed, to be deleted again.
 */
final class DeleteDiskHandler implements OperationHandler {
    private final DiskParts parts;
    private final DiskRows rows;
    private final DiskWork disks;

    DeleteDiskHandler(DiskParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
        this.disks = new DiskWork(parts);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.DELETE_DISK;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        Disk disk = lease.read(tx -> rows.disk(tx, operation.target()));
        lease.run(tx -> parts.artifacts()
                .ownedBy(tx, disk.id())
                .ifPresent(a -> parts.artifacts().condemn(tx, List.of(a.id()), true)));
        disks.delete(lease, lease.read(tx -> parts.artifacts().condemnedOfDisk(tx, disk.uniqueId())));
        return tx -> {
            parts.disks().delete(tx, disk.id()).require(disk.id());
            return Optional.empty();
        };
    }

    @Override
    public void fenceOff(Operation operation, Lease lease) {
        disks.fenceOff(lease, lease.read(tx -> rows.disk(tx, operation.target())));
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        rows.to(tx, rows.disk(tx, operation.target()), ProvisioningState.FAILED);
    }
}
