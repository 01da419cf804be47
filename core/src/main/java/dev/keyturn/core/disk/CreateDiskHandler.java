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
 * A disk of its own: its key, then its image. One that fails stays as Failed without an artifact, to be PUT again or
 * deleted.
 */
final class CreateDiskHandler implements OperationHandler {
    /** Argument of a creation whose disk had its data key before: it may be whole, so its key is never taken away. */
    static final String KEY_WAS_THERE = "keyWasThere";

    private final DiskParts parts;
    private final DiskRows rows;
    private final DiskWork disks;

    CreateDiskHandler(DiskParts parts) {
        this.parts = parts;
        this.rows = parts.rows();
        this.disks = new DiskWork(parts);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.CREATE_DISK;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        disks.provision(lease, lease.read(tx -> rows.disk(tx, operation.target())));
        return tx -> {
            rows.to(tx, rows.disk(tx, operation.target()), ProvisioningState.SUCCEEDED);
            return Optional.empty();
        };
    }

    @Override
    public void fenceOff(Operation operation, Lease lease) {
        disks.fenceOff(lease, lease.read(tx -> rows.disk(tx, operation.target())));
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        Disk disk = rows.disk(tx, operation.target());
        if (!operation.arguments().containsKey(KEY_WAS_THERE)) {
            parts.artifacts()
                    .ownedBy(tx, disk.id())
                    .ifPresent(a -> parts.artifacts().condemn(tx, List.of(a.id()), true));
        }
        rows.to(tx, disk, ProvisioningState.FAILED);
    }
}
