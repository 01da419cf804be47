package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.fleet.FleetLook;
import dev.keyturn.core.fleet.FleetWatch;
import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.fleet.FleetWatch.Watched;
import dev.keyturn.core.fleet.FleetWatch.WatchedKey;
import dev.keyturn.core.fleet.FleetWatch.WatchedSet;
import dev.keyturn.core.fleet.WatchStore;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Reaches;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetLookTest extends Scenario {
    private static final int GROUPS = 12;

    private KeyId key;
    private Call who;
    private PrincipalId reader;
    private int rightsAsked;
    private Counting store;
    private FleetWatch watch;

    @BeforeEach
    void open() {
        key = world.vault.create(1);
        Principal principal = world.principal("reader");
        reader = principal.id();
        who = new Call(new Caller(reader, "reader"), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
        Access real = new RoleAccess(world.stores.roleAssignments());
        Access counting = new Access() {
            @Override
            public boolean may(Tx tx, PrincipalId whose, String action, Scope scope) {
                rightsAsked++;
                return real.may(tx, whose, action, scope);
            }

            @Override
            public List<ArmId> allowedBelow(
                    Tx tx, PrincipalId whose, Scope scope, Function<ArmId, List<Action>> enough) {
                rightsAsked++;
                return real.allowedBelow(tx, whose, scope, enough);
            }
        };
        store = new Counting(world.stores.watch());
        watch = new FleetWatch(
                world.transactions,
                world.sets,
                new KeyGate(
                        world.transactions, world.stores.artifacts(), world.stores.setKeys(), world.vault, world.clock),
                store,
                world.stores.rotations(),
                new Reaches(counting));
    }

    private static String group(int number) {
        return "g%02d".formatted(number);
    }

    private UUID mayReadGroup(String name) {
        return world.grant(Scope.of(ArmId.group(World.SUBSCRIPTION, name)), Roles.READER, reader);
    }

    private void manyGroups() {
        IntStream.range(0, GROUPS).mapToObj(FleetLookTest::group).forEach(name -> {
            world.transactions.run(tx -> world.stores
                    .resources()
                    .insert(
                            tx,
                            Resource.created(
                                    ArmId.group(World.SUBSCRIPTION, name),
                                    TestVault.REGION,
                                    Map.of(),
                                    "{}",
                                    ProvisioningState.SUCCEEDED,
                                    world.clock.instant()))
                    .require(name));
            ArmId set = new ArmId(World.SUBSCRIPTION, name, DiskEncryptionSet.TYPE, "des");
            world.sets.save(World.WHO, Specs.set(set, key), Precondition.NONE);
            mayReadGroup(name);
        });
    }

    private FleetLook look() {
        return watch.look(who, World.SUBSCRIPTION);
    }

    @Test
    void look_overManyGroups_asksForRightsOnce_andTheStoreOncePerQuestion() {
        manyGroups();

        FleetLook look = look();
        Watched watched = look.sets(5);
        WatchedSet first = watched.sets().getFirst();
        Machines needing = look.needing(first, first.keys().getFirst(), 20);

        assertThat(watched.sets())
                .extracting(s -> s.census().set().id().resourceGroup())
                .containsExactly("g00", "g01", "g02", "g03", "g04");
        assertThat(watched.more()).isTrue();
        assertThat(needing).isEqualTo(Machines.NONE);
        assertThat(look.faulty(20)).isEqualTo(Machines.NONE);
        assertThat(look.count(List.of(first.census().set().id()))).hasValue(0);
        assertThat(look.everyVm()).isFalse();
        assertThat(store.asked).containsExactly("sets", "of", "faulty", "countOf");
        assertThat(rightsAsked)
                .as("at the subscription and below it, of sets and of VMs, however many groups there are")
                .isEqualTo(2 * 2);
    }

    @Test
    void roleThatIsTakenAwayMeanwhile_leavesItsSetOut_andRefusesNothing() {
        world.set("kept", key);
        ArmId lost = world.set("lost", key);
        world.grant(Scope.of(World.id(DiskEncryptionSet.TYPE, "kept")), Roles.READER, reader);
        UUID role = world.grant(Scope.of(lost), Roles.READER, reader);
        FleetLook look = look();

        world.revoke(Scope.of(lost), role);

        assertThat(look.sets(5).sets())
                .extracting(WatchedSet::census)
                .extracting(Census::set)
                .extracting(s -> s.id().name())
                .containsExactly("kept");
        assertThat(world.recordsOf(who)).isEmpty();
    }

    @Test
    void count_isThere_onlyForWhoMayReadVms() {
        ArmId set = world.set("des", key);
        ArmId vm = world.vm("vm", Optional.of(set));
        world.grant(Scope.of(set), Roles.READER, reader);

        assertThat(look().count(List.of(set))).isEmpty();
        mayReadGroup(vm.resourceGroup());
        assertThat(look().count(List.of(set))).hasValue(1);
    }

    @Test
    void keyThatASetIsRotatedTo_isLookedAtToo_beforeAnythingIsUnderIt() {
        ArmId set = world.set("des", key);
        ArmId vm = world.stoppedVm("vm", Optional.of(set));
        mayReadGroup(vm.resourceGroup());
        KeyId next = world.vault.create(2);
        Instant soon = world.clock.instant().plusSeconds(60);
        world.vault.expire(next, soon);
        assertThat(world.rotations
                        .begin(World.WHO, KeyChange.Request.of(set, next))
                        .id())
                .isNotNull();

        assertThat(look().sets(5).sets())
                .singleElement()
                .satisfies(s -> assertThat(s.keys())
                        .extracting(WatchedKey::key, WatchedKey::next, WatchedKey::expires)
                        .containsExactly(tuple(key, false, Optional.empty()), tuple(next, true, Optional.of(soon))));
    }

    /** Remembers what it was asked. */
    private record Counting(WatchStore real, List<String> asked) implements WatchStore {
        Counting(WatchStore real) {
            this(real, new ArrayList<>());
        }

        @Override
        public List<ArmId> sets(Tx tx, String subscription, Reach reach, int limit) {
            asked.add("sets");
            return real.sets(tx, subscription, reach, limit);
        }

        @Override
        public Machines faulty(Tx tx, String subscription, Reach reach, int limit) {
            asked.add("faulty");
            return real.faulty(tx, subscription, reach, limit);
        }

        @Override
        public Machines of(Tx tx, String subscription, Reach reach, ArmId set, int limit) {
            asked.add("of");
            return real.of(tx, subscription, reach, set, limit);
        }

        @Override
        public long countOf(Tx tx, String subscription, Reach reach, ArmId set) {
            asked.add("countOf");
            return real.countOf(tx, subscription, reach, set);
        }

        @Override
        public Machines under(Tx tx, String subscription, Reach reach, ArmId set, KeyId key, int limit) {
            asked.add("under");
            return real.under(tx, subscription, reach, set, key, limit);
        }
    }
}
