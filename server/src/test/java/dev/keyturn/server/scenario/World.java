package dev.keyturn.server.scenario;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetParts;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationRunner;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.DeleteGroupHandler;
import dev.keyturn.core.resource.GroupMember;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.rotation.RotateDiskSetHandler;
import dev.keyturn.core.rotation.RotationParts;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.vm.BaseImages;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.DeepVerification;
import dev.keyturn.core.vm.Disk;
import dev.keyturn.core.vm.DiskService;
import dev.keyturn.core.vm.Hosts;
import dev.keyturn.core.vm.VmParts;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.server.SettableClock;
import dev.keyturn.server.TalkativeHost;
import dev.keyturn.server.rotation.KillableTransactions;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.SqliteDatabase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * The services of VMs, disks and sets as one process of a server has them. A kill is making another World on the same
 * database, vault and identities.
 */
final class World {
    static final String SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
    static final String WHO = "tester";

    final SqliteDatabase database;
    final KillableTransactions transactions;
    final SettableClock clock;
    final TestVault vault;
    final TestIdentities identities;
    final SqlStores stores = SqlStores.create();
    final SimulatedHost host;
    /** What the services see: {@link #host} with a guest that may crash. */
    final TalkativeHost talkative;

    final Faults faults;
    final TestImages images = new TestImages();
    final OperationService operations;
    final ResourceGroupService groups;
    final RotationService rotations;
    final DiskSetService sets;
    final VmParts vmParts;
    final VmService vms;
    final DiskService disks;
    final DeepVerification deep;
    private final OperationRunner runner;

    World(SqliteDatabase database, SettableClock clock, TestVault vault, TestIdentities identities) {
        this.database = database;
        this.clock = clock;
        this.vault = vault;
        this.identities = identities;
        this.transactions = new KillableTransactions(database);
        SecureRandom random = new SecureRandom();
        this.faults = new Faults(database, new SqlFaultStore());
        this.host = new SimulatedHost(
                "sim",
                Duration.ofSeconds(5),
                database,
                new SqlSimulatedMachines(),
                faults,
                stores.vms(),
                stores.artifacts());
        this.talkative = new TalkativeHost(host);
        this.operations = new OperationService(transactions, stores.operations(), clock);
        SetKeys setKeys = new SetKeys(transactions, stores.setKeys(), vault, vault, random, clock);
        Hosts hosts = new Hosts(List.of(talkative));
        RotationParts rotationParts = new RotationParts(
                transactions,
                stores.diskSets(),
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.setKeys(),
                stores.rotations(),
                setKeys,
                vault,
                hosts,
                operations,
                random,
                clock);
        this.rotations = new RotationService(rotationParts);
        this.groups = new ResourceGroupService(transactions, stores.resources(), operations, clock);
        this.sets = new DiskSetService(new DiskSetParts(
                transactions,
                stores.diskSets(),
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.setKeys(),
                identities,
                groups,
                operations,
                rotations,
                vault,
                clock));
        this.vmParts = new VmParts(
                transactions,
                stores.vms(),
                stores.disks(),
                stores.artifacts(),
                stores.diskSets(),
                stores.setKeys(),
                setKeys,
                vault,
                hosts,
                new BaseImages(transactions, stores.images(), images),
                groups,
                operations,
                Duration.ofSeconds(60),
                random,
                clock);
        this.vms = new VmService(vmParts);
        this.disks = new DiskService(vmParts);
        this.deep = new DeepVerification(vmParts);
        List<OperationHandler> handlers = new ArrayList<>(vmParts.handlers());
        handlers.add(new RotateDiskSetHandler(rotationParts, stores.operations()));
        handlers.add(new DeleteGroupHandler(
                stores.resources(),
                operations,
                List.of(
                        new Member(ConfidentialVm.TYPE, id -> vms.delete(id, Precondition.NONE, WHO)),
                        new Member(Disk.TYPE, id -> disks.delete(id, Precondition.NONE, WHO)),
                        new Member(DiskEncryptionSet.TYPE, id -> sets.delete(id, Precondition.NONE, WHO))),
                clock));
        this.runner = new OperationRunner(transactions, stores.operations(), operations, clock, "node", handlers);
    }

    private record Member(String type, Consumer<ArmId> deletion) implements GroupMember {
        @Override
        public boolean owns(String other) {
            return type.equalsIgnoreCase(other);
        }

        @Override
        public void delete(ArmId id, String requestedBy) {
            deletion.accept(id);
        }
    }

    /** A first process: with the resource group {@code rg}. */
    static World fresh(SqliteDatabase database) {
        SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
        World world = new World(database, clock, new TestVault(clock), new TestIdentities());
        world.transactions.run(tx -> {
            boolean made = world.stores
                    .resources()
                    .insert(
                            tx,
                            Resource.created(
                                    ArmId.group(SUBSCRIPTION, "rg"),
                                    TestVault.REGION,
                                    Map.of(),
                                    "{}",
                                    ProvisioningState.SUCCEEDED,
                                    clock.instant()));
            assert made;
        });
        return world;
    }

    /** The next process on the same data, which goes on with what this one left. */
    World restarted() {
        return restarted(_ -> {});
    }

    /** As {@link #restarted()}, changed before it goes on. */
    World restarted(Consumer<World> changed) {
        World next = new World(database, clock, vault, identities);
        changed.accept(next);
        next.transactions.run(tx -> next.stores.operations().abandon(tx, "node", clock.instant()));
        next.runAll();
        return next;
    }

    void runAll() {
        try {
            int ran = runner.runDue();
            assert ran >= 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs everything that is due, and returns the operation as it ended. */
    Operation finish(Operation begun) {
        runAll();
        return operations.find(begun.id()).orElseThrow();
    }

    static ArmId id(String type, String name) {
        return new ArmId(SUBSCRIPTION, "rg", type, name);
    }

    /** A set under the key, with a system-assigned identity. */
    ArmId set(String name, KeyId key) {
        ArmId id = id(DiskEncryptionSet.TYPE, name);
        sets.save(Specs.set(id, key), Precondition.NONE, WHO);
        return id;
    }

    /** A VM that runs. */
    ArmId vm(String name, Optional<ArmId> set) {
        Specs.Vm spec = Specs.vm(name).under(set);
        Operation done = finish(vms.save(spec.build(), Precondition.NONE, WHO).operation());
        Assertions.assertThat(done.error()).isEmpty();
        return spec.id();
    }

    ArmId stoppedVm(String name, Optional<ArmId> set) {
        ArmId id = vm(name, set);
        Operation done = finish(vms.deallocate(id, WHO).operation());
        Assertions.assertThat(done.error()).isEmpty();
        return id;
    }

    static DomainError refused(ThrowingCallable call) {
        DomainException e = Assertions.catchThrowableOfType(DomainException.class, call);
        Assertions.assertThat(e).as("it was not refused").isNotNull();
        return e.error();
    }
}
