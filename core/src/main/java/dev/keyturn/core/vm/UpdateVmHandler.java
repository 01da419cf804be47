package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Data disks made, attached and detached on a stopped VM. One that fails leaves the VM with the disks it had. */
final class UpdateVmHandler extends VmHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateVmHandler.class);
    private final DiskWork disks;

    UpdateVmHandler(VmParts parts) {
        super(parts);
        this.disks = new DiskWork(parts);
    }

    @Override
    public OperationKind kind() {
        return OperationKind.UPDATE_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        List<ArmId> detach = DiskWork.listed(operation, DiskWork.DETACH);
        try {
            disks.provision(lease, vm, false);
            disks.attach(lease, vm, DiskWork.listed(operation, DiskWork.ATTACH));
            disks.detach(lease, vm, detach);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Unavailable)) {
                undo(operation, lease, vm);
            }
            throw e;
        }
        return tx -> {
            detach.forEach(d -> disks.release(tx, d));
            disks.settled(tx, vm);
            return succeeded(tx, operation);
        };
    }

    /** The half of going back that the host has to do. */
    private void undo(Operation operation, Lease lease, ConfidentialVm vm) {
        try {
            List<Artifact> made = lease.read(tx -> madeHere(tx, vm));
            host(vm).delete(lease.fence(), disks.images(lease, made));
            disks.detach(lease, vm, DiskWork.listed(operation, DiskWork.ATTACH));
            disks.attach(lease, vm, DiskWork.listed(operation, DiskWork.DETACH));
        } catch (DomainException e) {
            LOG.warn(
                    "host '{}' may keep images that the failed update of '{}' made: {}",
                    vm.host(),
                    vm.id(),
                    e.getMessage());
        }
    }

    private List<Artifact> madeHere(Tx tx, ConfidentialVm vm) {
        return disks.creating(tx, vm).stream()
                .flatMap(d -> parts.artifacts().ofDisk(tx, d.id()).stream())
                .toList();
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        ConfidentialVm vm = rows.vm(tx, operation.target());
        List<Artifact> made = madeHere(tx, vm);
        parts.artifacts().delete(tx, made.stream().map(Artifact::id).toList());
        disks.creating(tx, vm).forEach(d -> parts.disks().delete(tx, d.id()));
        DiskWork.listed(operation, DiskWork.ATTACH).forEach(d -> {
            disks.release(tx, d);
            move(tx, d, Optional.empty());
        });
        DiskWork.listed(operation, DiskWork.DETACH).forEach(d -> {
            rows.to(tx, rows.disk(tx, d), ProvisioningState.SUCCEEDED);
            move(tx, d, Optional.of(vm.id()));
        });
        super.failed(tx, operation, error);
    }

    private void move(Tx tx, ArmId disk, Optional<ArmId> vm) {
        parts.artifacts().ofDisk(tx, disk).ifPresent(a -> parts.artifacts().moveTo(tx, a.id(), vm));
    }
}
