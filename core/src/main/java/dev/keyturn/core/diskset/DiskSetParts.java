package dev.keyturn.core.diskset;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import java.time.Clock;

/** What the service of sets is built from. */
public record DiskSetParts(
        Transactions transactions,
        DiskSetStore sets,
        SetMembers vms,
        SetMembers disks,
        ArtifactStore artifacts,
        SetKeyStore setKeys,
        ManagedIdentities identities,
        ResourceGroupService groups,
        OperationService operations,
        Doors doors,
        KeyChange keyChange,
        CustomerKeys vault,
        Clock clock) {}
