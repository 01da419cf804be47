package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.util.List;

/** Whether VMs have all that their creation was for; one that stopped half-way leaves a VM that has not. */
public record CompleteVms(DiskStore disks, ArtifactStore artifacts) {
    /** Refuses the start of one whose creation stopped half-way. */
    public void require(Tx tx, ConfidentialVm vm) {
        List<Disk> its = disks.ofVm(tx, vm.id());
        requireOsDisk(vm, its);
        if (!complete(tx, vm, its)) {
            throw DomainError.notAllowed("VM '" + vm.id().name()
                            + "' was not created completely. PUT it again to finish, or delete it.")
                    .asException();
        }
    }

    /** Whether every artifact of the VM has its image: what its creation was for, but for the start. */
    boolean complete(Tx tx, ConfidentialVm vm, List<Disk> its) {
        return artifacts.ownedBy(tx, vm.id()).isPresent()
                && its.stream()
                        .allMatch(d -> d.head().state() == ProvisioningState.SUCCEEDED
                                || d.head().state() == ProvisioningState.UPDATING);
    }

    /** One whose deletion, or creation around a disk of its own, stopped half-way has nothing to go on from. */
    static void requireOsDisk(ConfidentialVm vm, List<Disk> its) {
        if (its.stream().noneMatch(Disk::os)) {
            throw DomainError.notAllowed(
                            "VM '" + vm.id().name()
                                    + "' has no OS disk: its deletion or its creation stopped half-way. It can only be deleted.")
                    .asException();
        }
    }
}
