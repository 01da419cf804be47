package dev.keyturn.core.disk;

import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.diskset.SetRows;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.image.BaseImages;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** What the service and the operations of disks stand on. */
public record DiskParts(
        DiskStore disks,
        DiskMachines machines,
        DiskSetStore sets,
        ArtifactKeys keys,
        KeyGate gate,
        Hosts hosts,
        BaseImages images,
        ResourceGroupService groups,
        OperationService operations,
        Doors doors,
        SecureRandom random,
        Clock clock) {

    public Transactions transactions() {
        return keys.transactions();
    }

    public ArtifactStore artifacts() {
        return keys.artifacts();
    }

    /** What moves rows of disks. */
    public DiskRows rows() {
        return new DiskRows(disks, clock);
    }

    /** What reads rows of sets. */
    public SetRows setRows() {
        return new SetRows(sets);
    }

    public SetKeys setKeys() {
        return keys.setKeys();
    }

    /** The handlers of every operation on disks, for the runner of operations. */
    public List<OperationHandler> handlers() {
        return List.of(new CreateDiskHandler(this), new DeleteDiskHandler(this), new DeleteImagesHandler(this));
    }
}
