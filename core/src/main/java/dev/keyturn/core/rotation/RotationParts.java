package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.VmStore;
import java.security.SecureRandom;
import java.time.Clock;

/** What the rotation engine is built from. */
public record RotationParts(
        Transactions transactions,
        DiskSetStore sets,
        VmStore vms,
        DiskStore disks,
        ArtifactStore artifacts,
        SetKeyStore setKeyStore,
        RotationStore rotations,
        SetKeys setKeys,
        CustomerKeys vault,
        Hosts hosts,
        OperationService operations,
        Doors doors,
        ResourceGroupService groups,
        SecureRandom random,
        Clock clock) {

    Preflight preflight() {
        return new Preflight(transactions, vms, disks, artifacts, setKeyStore, setKeys, vault, hosts, clock);
    }
}
