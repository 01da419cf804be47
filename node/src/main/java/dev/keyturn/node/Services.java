package dev.keyturn.node;

import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.UnclaimedFiles;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditReader;
import dev.keyturn.core.audit.Checkpoints;
import dev.keyturn.core.directory.RoleGrants;
import dev.keyturn.core.disk.DiskParts;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.diskset.DiskSetParts;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.fleet.FleetWatch;
import dev.keyturn.core.fleet.KeyUseService;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.Reaches;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.image.BaseImages;
import dev.keyturn.core.image.ImageService;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.core.power.KeyAccessMonitor;
import dev.keyturn.core.power.PowerParts;
import dev.keyturn.core.power.PowerReconciler;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.power.SerialConsole;
import dev.keyturn.core.resource.DeleteGroupHandler;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.rotation.ArtifactPast;
import dev.keyturn.core.rotation.RotateDiskSetHandler;
import dev.keyturn.core.rotation.RotationParts;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.rotation.StoppedVms;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.Deletions;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.VaultParts;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.core.vm.VmParts;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.store.SqlStores;
import java.util.ArrayList;
import java.util.List;

/**
 * Every service of a node. This is the one place where they are wired; what they share is known here alone.
 *
 * @param handlers one for each kind of operation
 */
public record Services(
        Principals principals,
        RoleAssignments assignments,
        RoleGrants grants,
        Access access,
        Doors doors,
        Checkpoints checkpoints,
        AuditReader auditReader,
        KeyServices keys,
        VaultService vaults,
        DeletedVaultService deletedVaults,
        HsmAssignments hsmAssignments,
        OperationService operations,
        OperationsInSight operationsInSight,
        ResourceGroupService groups,
        GenericResourceService generic,
        UserAssignedIdentityService identities,
        RotationService rotations,
        StoppedVms stoppedVms,
        ArtifactPast past,
        DiskSetService sets,
        VmService vms,
        PowerService power,
        FleetService fleet,
        KeyUseService keyUses,
        FleetWatch watch,
        DiskService disks,
        ImageService images,
        SetKeys setKeys,
        DeepVerification verification,
        SerialConsole consoles,
        UnclaimedFiles unclaimed,
        Hosts hosts,
        KeyAccessMonitor keyAccess,
        PowerReconciler reconciler,
        List<OperationHandler> handlers) {

    public Services {
        handlers = List.copyOf(handlers);
    }

    static Services over(NodeBuilder n) {
        SqlStores stores = n.stores;
        Principals principals =
                new Principals(n.transactions, stores.principals(), stores.roleAssignments(), n.clock, n.random);
        RoleAssignments assignments = new RoleAssignments(
                n.transactions,
                stores.roleAssignments(),
                (tx, id) -> stores.principals()
                        .kind(tx, id)
                        .or(() -> stores.people().find(tx, id).map(_ -> HolderKind.USER))
                        .or(() -> stores.personGroups().find(tx, id).map(_ -> HolderKind.GROUP)),
                n.clock);
        Access access = new RoleAccess(stores.roleAssignments());
        AuditLog audit = new AuditLog(stores.audit(), n.clock, n.name);
        Doors doors = new Doors(n.transactions, access, audit);
        SealedCheckpoints lasts = new SealedCheckpoints(stores.settings(), n.root);
        CheckpointKey checkpointKey = new CheckpointKey(n.transactions, stores.settings(), n.root, lasts);
        Checkpoints checkpoints =
                new Checkpoints(n.transactions, stores.audit(), audit, checkpointKey, lasts, n.time, n.name, n.others);
        OperationService operations = new OperationService(n.transactions, stores.operations(), n.clock);
        ResourceGroupService groups =
                new ResourceGroupService(n.transactions, stores.resources(), operations, doors, n.clock);
        GenericResourceService generic =
                new GenericResourceService(n.transactions, stores.resources(), groups, doors, n.clock);
        UserAssignedIdentityService identities = new UserAssignedIdentityService(
                n.transactions,
                generic,
                stores.resources(),
                principals,
                stores.principals(),
                stores.diskSets()::ofPrincipal,
                doors);
        Deletions deletions = new Deletions(n.clock, n.time);
        KeyServices.Parts keyParts = new KeyServices.Parts(
                n.transactions,
                doors,
                stores.vaults(),
                stores.keys(),
                stores.setKeys(),
                n.backends,
                n.root,
                access,
                stores.principals(),
                stores.personGroups(),
                groups,
                n.vaultHosts,
                deletions,
                n.random);
        KeyServices keys = KeyServices.over(keyParts, assignments);
        VaultParts vaultParts =
                new VaultParts(n.transactions, doors, stores.vaults(), keys.ofVault(), access, n.vaultHosts, deletions);
        VaultService vaults = new VaultService(vaultParts, groups, assignments);
        CustomerKeys customerKeys = n.customerKeys.orElse(keys.customerKeys());
        ManagedIdentities systemIdentities = n.identities.orElse(principals);
        Hosts hosts = new Hosts(n.hosts, n.nodeHosts());
        SetKeys setKeys = new SetKeys(n.transactions, stores.setKeys(), customerKeys, n.root, n.random, n.clock);
        RotationParts rotationParts = new RotationParts(
                n.transactions,
                stores.diskSets(),
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.setKeys(),
                stores.rotations(),
                setKeys,
                customerKeys,
                hosts,
                operations,
                doors,
                groups,
                n.random,
                n.clock);
        RotationService rotations = new RotationService(rotationParts);
        DiskSetService sets = new DiskSetService(new DiskSetParts(
                n.transactions,
                stores.diskSets(),
                stores.vms().members(),
                stores.disks().members(),
                stores.artifacts(),
                stores.setKeys(),
                systemIdentities,
                groups,
                operations,
                doors,
                rotations,
                customerKeys,
                n.clock));
        ArtifactKeys artifactKeys = new ArtifactKeys(n.transactions, stores.artifacts(), stores.setKeys(), setKeys);
        KeyGate gate = new KeyGate(n.transactions, stores.artifacts(), stores.setKeys(), customerKeys, n.clock);
        DiskParts diskParts = new DiskParts(
                stores.disks(),
                stores.vms(),
                stores.diskSets(),
                artifactKeys,
                gate,
                hosts,
                new BaseImages(n.transactions, stores.images(), n.images),
                groups,
                operations,
                doors,
                n.random,
                n.clock);
        VmParts vmParts = new VmParts(diskParts, stores.vms());
        PowerParts powerParts = new PowerParts(
                stores.vms(),
                stores.stoppedVms(),
                stores.disks(),
                stores.diskSets(),
                artifactKeys,
                gate,
                hosts,
                groups,
                operations,
                doors,
                n.shutdownLimit,
                n.clock);
        VmService vms = new VmService(vmParts);
        PowerService power = new PowerService(powerParts);
        DiskService disks = new DiskService(diskParts);
        DeepVerification verification = new DeepVerification(new DeepVerification.Parts(
                artifactKeys, stores.diskSets(), hosts, operations, doors, groups, stores.verifications(), n.clock));
        List<OperationHandler> handlers = new ArrayList<>(vmParts.handlers());
        handlers.addAll(power.handlers());
        handlers.addAll(diskParts.handlers());
        handlers.add(verification.handler());
        handlers.add(new RotateDiskSetHandler(rotationParts, stores.operations(), n.rewrapBatch));
        handlers.add(new DeleteGroupHandler(
                stores.resources(),
                operations,
                GroupContents.inOrder(vms, disks, sets, vaults, identities, generic),
                n.clock));
        return new Services(
                principals,
                assignments,
                new RoleGrants(assignments, doors),
                access,
                doors,
                checkpoints,
                new AuditReader(n.transactions, stores.audit(), checkpointKey, lasts),
                keys,
                vaults,
                new DeletedVaultService(vaultParts, assignments),
                new HsmAssignments(vaultParts, assignments, stores.roleAssignments()),
                operations,
                new OperationsInSight(
                        n.transactions, stores.operations(), access, stores.roleAssignments(), stores.people()),
                groups,
                generic,
                identities,
                rotations,
                new StoppedVms(n.transactions, stores.stoppedVms(), stores.resources(), rotations, doors, n.clock),
                new ArtifactPast(new ArtifactPast.Parts(
                        artifactKeys,
                        stores.vms(),
                        stores.resources(),
                        stores.operations(),
                        stores.rotations(),
                        stores.verifications(),
                        groups,
                        doors)),
                sets,
                vms,
                power,
                new FleetService(n.transactions, stores.fleet(), stores.vms(), operations, doors),
                new KeyUseService(n.transactions, stores.keyUses(), doors),
                new FleetWatch(n.transactions, sets, gate, stores.watch(), stores.rotations(), new Reaches(access)),
                disks,
                new ImageService(n.transactions, stores.images(), n.images, groups, doors, n.clock),
                setKeys,
                verification,
                new SerialConsole(powerParts),
                new UnclaimedFiles(n.transactions, stores.artifacts(), hosts, n.clock),
                hosts,
                new KeyAccessMonitor(powerParts, power, n.keyLossGrace, n.time),
                new PowerReconciler(powerParts),
                handlers);
    }
}
