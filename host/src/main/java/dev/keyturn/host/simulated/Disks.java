package dev.keyturn.host.simulated;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.host.Refusals;
import dev.keyturn.host.Subjects;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Which machine a disk's image is at: moved while machines are stopped, and while they run. One order, one transaction. */
final class Disks {
    private final Transactions transactions;
    private final SimulatedMachines machines;
    private final Refusals refusals;

    Disks(Transactions transactions, SimulatedMachines machines, Refusals refusals) {
        this.transactions = transactions;
        this.machines = machines;
        this.refusals = refusals;
    }

    void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId) {
        List<ArtifactImage> one = List.of(disk);
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(vmId, one));
            String message = "The disk cannot be moved.";
            boolean busy = vmId.flatMap(id -> machines.running(tx, id)).orElse(false);
            refusals.refuse(tx, message, one, inUse(tx, one));
            refusals.refuse(tx, message, one, Refusals.where(one, _ -> busy, Refusals.VM_RUNS));
            vmId.ifPresent(id -> machines.define(tx, id));
            move(tx, message, disk, vmId);
        });
    }

    /** {@code closed} is what is against opening it in a machine that runs. */
    void plug(Fence fence, UUID vmId, ArtifactImage disk, List<ImageProblem> closed) {
        List<ArtifactImage> one = List.of(disk);
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(Optional.of(vmId), one));
            String message = refusals.vm(tx, vmId) + " cannot be given the disk.";
            refusals.refuse(tx, message, one, closed);
            if (!elsewhere(tx, vmId, one).isEmpty()) {
                refusals.refuse(tx, message, one, inUse(tx, one));
            }
            machines.define(tx, vmId);
            move(tx, message, disk, Optional.of(vmId));
        });
    }

    void unplug(Fence fence, UUID vmId, ArtifactImage disk, Optional<Fault> fault) {
        List<ArtifactImage> one = List.of(disk);
        transactions.run(tx -> {
            take(tx, fence, Subjects.of(Optional.empty(), one));
            boolean here = machines.images(tx, Images.ids(one)).values().stream()
                    .anyMatch(i -> i.vmId().equals(Optional.of(vmId)));
            if (!here) {
                return;
            }
            if (fault.isPresent() && machines.running(tx, vmId).orElse(false)) {
                String why =
                        "does not let go of the disk (fault '" + fault.get().id() + "').";
                throw refusals.conflict(tx, vmId, Refusals.NOT_RELEASED, why);
            }
            move(tx, "The disk cannot be taken.", disk, Optional.empty());
        });
    }

    private void move(Tx tx, String message, ArtifactImage disk, Optional<UUID> vmId) {
        List<ArtifactImage> one = List.of(disk);
        boolean moved = machines.move(tx, disk.artifact(), vmId).hit();
        refusals.refuse(tx, message, one, Refusals.where(one, _ -> !moved, Refusals.MISSING));
    }

    void take(Tx tx, Fence fence, Collection<String> subjects) {
        machines.takeFence(tx, fence, subjects).ifPresent(s -> {
            throw LeaseLostException.fencedOff(s, fence);
        });
    }

    List<ImageProblem> inUse(Tx tx, Collection<ArtifactImage> refs) {
        Map<ArtifactId, Boolean> inUse = machines.inUse(tx, Images.ids(refs));
        return Refusals.where(refs, r -> inUse.getOrDefault(r.artifact(), false), Refusals.IN_USE);
    }

    List<ImageProblem> elsewhere(Tx tx, UUID vmId, Collection<ArtifactImage> refs) {
        Map<ArtifactId, SimulatedMachines.Image> there = machines.images(tx, Images.ids(refs));
        return Refusals.where(
                refs,
                r -> Optional.ofNullable(there.get(r.artifact()))
                        .flatMap(SimulatedMachines.Image::vmId)
                        .filter(at -> !at.equals(vmId))
                        .isPresent(),
                Refusals.ELSEWHERE);
    }
}
