package dev.keyturn.server;

import dev.keyturn.core.diskset.DiskSetParts;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.DeleteGroupHandler;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.rotation.RotateDiskSetHandler;
import dev.keyturn.core.rotation.RotationParts;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.KeyBackend;
import dev.keyturn.core.vault.KeyBackends;
import dev.keyturn.core.vault.KeyServices;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.core.vm.BaseImages;
import dev.keyturn.core.vm.DiskService;
import dev.keyturn.core.vm.Hosts;
import dev.keyturn.core.vm.ImageCatalog;
import dev.keyturn.core.vm.ImageService;
import dev.keyturn.core.vm.UnclaimedFiles;
import dev.keyturn.core.vm.VmParts;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.server.arm.resource.GroupContents;
import dev.keyturn.store.SqlStores;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every service of the domain over one database, one key backend and its hosts. Built once, at the start. */
final class Domain {
    final Transactions transactions;
    final SqlStores stores;
    final Principals principals;
    final RoleAssignments assignments;
    final Access access;
    final KeyServices keys;
    final VaultService vaults;
    final DeletedVaultService deletedVaults;
    final Faults faults;
    final Optional<SimulatedHost> simulated;
    final OperationService operations;
    final ResourceGroupService groups;
    final GenericResourceService generic;
    final UserAssignedIdentityService identities;
    final RotationService rotations;
    final DiskSetService sets;
    final VmParts vmParts;
    final VmService vms;
    final DiskService disks;
    final ImageService images;
    final UnclaimedFiles unclaimed;
    final VaultHosts vaultHosts;
    private final RotationParts rotationParts;
    final SeenTime time;
    private final Clock clock;

    Domain(
            Transactions transactions,
            SqlStores stores,
            PlatformKey master,
            KeyBackend backend,
            Faults faults,
            HostPool hostPool,
            Duration shutdownLimit,
            VaultHosts vaultHosts,
            ImageCatalog images,
            Clock clock,
            SeenTime time,
            SecureRandom random) {
        this.transactions = transactions;
        this.stores = stores;
        this.vaultHosts = vaultHosts;
        this.clock = clock;
        this.time = time;
        principals = new Principals(transactions, stores.principals(), stores.roleAssignments(), clock, random);
        assignments = new RoleAssignments(transactions, stores.roleAssignments(), stores.principals(), clock);
        access = new RoleAccess(transactions, stores.roleAssignments());
        operations = new OperationService(transactions, stores.operations(), clock);
        groups = new ResourceGroupService(transactions, stores.resources(), operations, clock);
        generic = new GenericResourceService(transactions, stores.resources(), groups, clock);
        identities = new UserAssignedIdentityService(
                transactions,
                generic,
                stores.resources(),
                principals,
                stores.principals(),
                stores.diskSets()::ofPrincipal);
        KeyServices.Parts keyParts = new KeyServices.Parts(
                transactions,
                stores.vaults(),
                stores.keys(),
                stores.setKeys(),
                new KeyBackends(List.of(backend)),
                master,
                access,
                vaultHosts,
                clock,
                time,
                random);
        keys = KeyServices.over(keyParts, assignments);
        vaults = new VaultService(keyParts, groups, assignments);
        deletedVaults = new DeletedVaultService(keyParts, assignments);
        this.faults = faults;
        simulated = hostPool.simulated();
        Hosts hosts = hostPool.hosts();
        SetKeys setKeys = new SetKeys(transactions, stores.setKeys(), keys.customerKeys(), master, random, clock);
        rotationParts = new RotationParts(
                transactions,
                stores.diskSets(),
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.setKeys(),
                stores.rotations(),
                setKeys,
                keys.customerKeys(),
                hosts,
                operations,
                random,
                clock);
        rotations = new RotationService(rotationParts);
        sets = new DiskSetService(new DiskSetParts(
                transactions,
                stores.diskSets(),
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.setKeys(),
                principals,
                groups,
                operations,
                rotations,
                keys.customerKeys(),
                clock));
        vmParts = new VmParts(
                transactions,
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.diskSets(),
                stores.setKeys(),
                setKeys,
                keys.customerKeys(),
                hosts,
                new BaseImages(transactions, stores.images(), images),
                groups,
                operations,
                shutdownLimit,
                random,
                clock);
        vms = new VmService(vmParts);
        disks = new DiskService(vmParts);
        unclaimed = new UnclaimedFiles(transactions, stores.artifacts(), hosts, clock);
        this.images = new ImageService(transactions, stores.images(), images, groups, clock);
    }

    /** One handler for each kind of operation. */
    List<OperationHandler> handlers() {
        List<OperationHandler> out = new ArrayList<>(vmParts.handlers());
        out.add(new RotateDiskSetHandler(rotationParts, stores.operations()));
        out.add(new DeleteGroupHandler(
                stores.resources(),
                operations,
                GroupContents.inOrder(vms, disks, sets, List.of(vaults), identities, generic),
                clock));
        return out;
    }
}
