package dev.keyturn.node.scenario;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.power.KeyAccessMonitor;
import dev.keyturn.core.power.PowerReconciler;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.node.Calls;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.SettableElapsed;
import dev.keyturn.node.TalkativeHost;
import dev.keyturn.node.rotation.KillableTransactions;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * The services of VMs, disks and sets as one process of a server has them. A kill is making another World on the same
 * database, vault and identities.
 */
final class World {
    static final String SUBSCRIPTION = "11111111-1111-1111-1111-111111111111";
    static final Call WHO = Calls.by("tester");

    final TestDatabase database;
    final KillableTransactions transactions;
    final SettableClock clock;
    final TestVault vault;
    final TestIdentities identities;
    final SqlStores stores;
    final SimulatedHost host;
    /** What the services see: {@link #host} with a guest that may crash. */
    final TalkativeHost talkative;

    final Faults faults;
    final TestImages images = new TestImages();
    final OperationService operations;
    final ResourceGroupService groups;
    final RotationService rotations;
    final DiskSetService sets;
    final VmService vms;
    final PowerService power;
    final DiskService disks;
    final DeepVerification deep;
    final SettableElapsed elapsed = new SettableElapsed();
    final Node node;
    private final SecureRandom random;
    private final String name;
    private final SeenTime time;

    World(TestDatabase database, SettableClock clock, TestVault vault, TestIdentities identities) {
        this(database, database.stores(), clock, vault, identities);
    }

    /** Over stores of the test's own. */
    World(TestDatabase database, SqlStores stores, SettableClock clock, TestVault vault, TestIdentities identities) {
        this(database, stores, clock, vault, identities, "node");
    }

    private World(
            TestDatabase database,
            SqlStores stores,
            SettableClock clock,
            TestVault vault,
            TestIdentities identities,
            String name) {
        this.name = name;
        this.database = database;
        this.stores = stores;
        this.clock = clock;
        this.vault = vault;
        this.identities = identities;
        this.transactions = new KillableTransactions(database.transactions());
        SecureRandom random = new SecureRandom();
        this.faults = new Faults(database.transactions(), new SqlFaultStore());
        this.host = new SimulatedHost(
                "sim",
                Duration.ofSeconds(5),
                database.transactions(),
                new SqlSimulatedMachines(),
                faults,
                stores.vms(),
                stores.artifacts());
        this.talkative = new TalkativeHost(host);
        this.random = random;
        this.time = SeenTime.open(database.transactions(), stores.settings(), clock, elapsed, name);
        this.node = builder().open();
        this.operations = node.services().operations();
        this.groups = node.services().groups();
        this.rotations = node.services().rotations();
        this.sets = node.services().sets();
        this.vms = node.services().vms();
        this.power = node.services().power();
        this.disks = node.services().disks();
        this.deep = node.services().verification();
    }

    /** A node like that of this world. */
    NodeBuilder builder() {
        return new NodeBuilder(transactions, stores, vault, clock, time)
                .named(name)
                .hosts(List.of(talkative))
                .customerKeys(vault)
                .identities(identities)
                .images(images)
                .random(random);
    }

    /** Who watches over lost keys, with another grace than an hour. */
    KeyAccessMonitor keyAccess(Duration grace) {
        return builder().keyLossGrace(grace).open().services().keyAccess();
    }

    /** The same, where a provider outside signs people in. */
    Node where(Outside outside) {
        return builder().outside(outside).open();
    }

    PowerReconciler reconciler() {
        return node.services().reconciler();
    }

    /** The clock goes on, and the time does too. */
    void pass(Duration duration) {
        clock.advance(duration);
        elapsed.advance(duration);
    }

    /** A first process: with the resource group {@code rg}. */
    static World fresh(TestDatabase database) {
        SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
        return fresh(database, database.stores(), clock);
    }

    /** As {@link #fresh(TestDatabase)}, over stores of the test's own. */
    static World fresh(TestDatabase database, SqlStores stores) {
        return fresh(database, stores, new SettableClock(Instant.parse("2026-01-01T00:00:00Z")));
    }

    private static World fresh(TestDatabase database, SqlStores stores, SettableClock clock) {
        World world = new World(database, stores, clock, new TestVault(clock), new TestIdentities());
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
                                    clock.instant()))
                    .hit();
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
        next.transactions.run(
                tx -> next.stores.operations().abandon(tx, new LeaseOwner("node", UUID.randomUUID()), clock.instant()));
        next.runAll();
        return next;
    }

    /** A node of this name that starts on the same data, beside whatever other nodes there are; nothing is run yet. */
    World started(String node) {
        World next = new World(database, stores, clock, vault, identities, node);
        next.transactions.run(
                tx -> next.stores.operations().abandon(tx, new LeaseOwner(node, UUID.randomUUID()), clock.instant()));
        next.node.prepare();
        return next;
    }

    void runAll() {
        try {
            int ran = node.runner().runDue();
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
        sets.save(WHO, Specs.set(id, key), Precondition.NONE);
        return id;
    }

    /** A VM that runs. */
    ArmId vm(String name, Optional<ArmId> set) {
        Specs.Vm spec = Specs.vm(name).under(set);
        Operation done = finish(vms.save(WHO, spec.build(), Precondition.NONE).operation());
        Assertions.assertThat(done.error()).isEmpty();
        return spec.id();
    }

    ArmId stoppedVm(String name, Optional<ArmId> set) {
        ArmId id = vm(name, set);
        Operation done = finish(power.deallocate(WHO, id).operation());
        Assertions.assertThat(done.error()).isEmpty();
        return id;
    }

    /** A service principal without any role. */
    Principal principal(String name) {
        return database.transactions().write(tx -> node.services().principals().createServicePrincipal(tx, name));
    }

    /** Assigns the role, and returns the assignment's name. */
    UUID grant(Scope at, Role role, PrincipalId to) {
        Grant grant = new Grant(UUID.randomUUID(), at, role.id(), to, Optional.empty());
        return database.transactions()
                .write(tx ->
                        node.services().assignments().grant(tx, WHO.caller().name(), grant))
                .assignment()
                .name();
    }

    void revoke(Scope at, UUID name) {
        database.transactions()
                .run(tx -> Assertions.assertThat(node.services().assignments().revoke(tx, at, name))
                        .isPresent());
    }

    /** What the call left in the record, oldest first. */
    List<AuditRecord> recordsOf(Call call) {
        return database.transactions()
                .read(tx -> stores.audit().nodes(tx).stream()
                        .flatMap(n -> stores.audit().after(tx, n, 0, 10_000).stream())
                        .filter(r -> r.correlation().equals(call.correlation()))
                        .toList());
    }

    static DomainError refused(ThrowingCallable call) {
        DomainException e = Assertions.catchThrowableOfType(DomainException.class, call);
        Assertions.assertThat(e).as("it was not refused").isNotNull();
        return e.error();
    }
}
