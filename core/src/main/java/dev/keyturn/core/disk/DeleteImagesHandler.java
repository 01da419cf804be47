package dev.keyturn.core.disk;

import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.tx.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Deletes images of disks that are no more. Begun in the transaction that condemned them, and never given up, because
 * nothing else would ever look for them.
 */
public final class DeleteImagesHandler implements OperationHandler {
    private static final String ARTIFACT = "artifact";
    private static final String MACHINE = "machine";

    private final DiskParts parts;
    private final DiskWork disks;

    DeleteImagesHandler(DiskParts parts) {
        this.parts = parts;
        this.disks = new DiskWork(parts);
    }

    /**
     * Condemns the disk's image, where it has one, deletes its row and sees to it that the image goes too, from the
     * machine first that may have it open.
     */
    public static void dropped(Tx tx, DiskParts parts, Disk disk, Optional<UUID> machine, Operation because) {
        parts.artifacts().ownedBy(tx, disk.id()).ifPresent(a -> {
            parts.artifacts().condemn(tx, List.of(a.id()), false);
            // Not the disk's id: a new disk may take the name at once.
            ArmId target = new ArmId(
                    disk.id().subscription(),
                    disk.id().resourceGroup(),
                    Disk.TYPE,
                    disk.uniqueId().toString());
            Map<String, String> arguments = new HashMap<>(Map.of(ARTIFACT, a.id().toString()));
            machine.ifPresent(m -> arguments.put(MACHINE, m.toString()));
            parts.operations().follow(tx, OperationKind.DELETE_IMAGES, target, arguments, because);
        });
        parts.disks().delete(tx, disk.id()).require(disk.id());
    }

    @Override
    public OperationKind kind() {
        return OperationKind.DELETE_IMAGES;
    }

    @Override
    public boolean givesUp() {
        return false;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ArtifactId id = new ArtifactId(Long.parseLong(operation.argument(ARTIFACT)));
        List<Condemned> condemned =
                lease.read(tx -> parts.artifacts().condemned(tx, id)).stream().toList();
        Optional<UUID> machine =
                Optional.ofNullable(operation.arguments().get(MACHINE)).map(UUID::fromString);
        for (Condemned one : condemned) {
            machine.ifPresent(m -> parts.hosts().named(one.host()).unplug(lease.fence(), m, one.image()));
        }
        disks.delete(lease, condemned);
        return tx -> Optional.empty();
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        throw new IllegalStateException("operation " + operation.id() + " was given up");
    }
}
