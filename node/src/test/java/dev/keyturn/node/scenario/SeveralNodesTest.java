package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.node.rotation.KillableTransactions;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three nodes on one database and one host, with requests, kills at any write, and sleeps beyond the lease before any
 * transaction and any order, during which the others go on; all of it from a seed, on one thread, so that a seed that finds
 * something finds it again. No VM runs while the key of its set is changed; a change that succeeded left every artifact
 * under its target; every operation ends.
 */
class SeveralNodesTest {
    private static final int NODES = 3;
    private static final int STEPS = 40;
    private static final int DEEPEST = 3;

    @TempDir
    Path directory;

    static Stream<Arguments> runs() {
        int more = Integer.getInteger("keyturn.nodes.seeds", 0);
        return Stream.concat(
                IntStream.range(0, 8 + more).mapToObj(seed -> Arguments.of("sqlite", seed)),
                IntStream.range(100, 102 + more / 4).mapToObj(seed -> Arguments.of("postgresql", seed)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void killsAndSleepsAtAnyPlace_breakNothing(String kind, int seed) {
        try (TestDatabase database = TestDatabase.of(kind, directory, SimulatedTables.MIGRATIONS)) {
            Run run = new Run(database, new Random(seed), kind + ", seed " + seed);
            for (int i = 0; i < STEPS; i++) {
                run.step();
            }
            run.settle();
        }
    }

    private static final class Run {
        private final Random random;
        private final String when;
        private final List<World> nodes = new ArrayList<>();
        private final List<Operation> asked = new ArrayList<>();
        private final List<KeyId> keys = new ArrayList<>();
        private final List<ArmId> vms = new ArrayList<>();
        private final ArmId set;
        /** A handler takes an error for its own, so what is seen in the middle is told at the end of the step. */
        private final List<String> violations = new ArrayList<>();

        /** Those in the middle of something; one does not claim twice at once. */
        private final Set<World> busy = new HashSet<>();

        private int depth;

        Run(TestDatabase database, Random random, String when) {
            this.random = random;
            this.when = when;
            World first = World.fresh(database);
            keys.add(first.vault.create(1));
            set = first.set("des", keys.getFirst());
            vms.add(first.stoppedVm("a", Optional.of(set)));
            vms.add(first.vm("b", Optional.of(set)));
            for (int i = 0; i < NODES; i++) {
                nodes.add(first.started("node-" + i));
            }
            nodes.forEach(this::watched);
        }

        private void watched(World node) {
            node.talkative.around = (order, effect) -> {
                if (random.nextInt(6) == 0) {
                    sleep(node);
                }
                effect.run();
                interlocked();
            };
        }

        private World any() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        void step() {
            request(any());
            work(any());
            any().clock.advance(Duration.ofSeconds(random.nextInt(40)));
        }

        private void request(World node) {
            guarded(node, () -> ask(node));
        }

        private void ask(World node) {
            ArmId vm = vms.get(random.nextInt(vms.size()));
            KeyId active = keys.getLast();
            try {
                switch (random.nextInt(9)) {
                    case 0, 1 -> asked.add(node.power.start(World.WHO, vm).operation());
                    case 2, 3 -> asked.add(node.power.deallocate(World.WHO, vm).operation());
                    case 4 -> asked.add(node.power.restart(World.WHO, vm).operation());
                    case 5 -> {
                        KeyId next = node.vault.create(100 + keys.size());
                        asked.add(node.rotations.begin(World.WHO, KeyChange.Request.of(set, next)));
                        keys.add(next);
                    }
                    case 6 ->
                        node.host.guestShutdown(node.vms.get(World.WHO, vm).vm().vmId());
                    case 7 -> node.reconciler().runOnce(node.clock.instant());
                    default -> node.vault.enable(active, random.nextBoolean());
                }
            } catch (DomainException refused) {
                assertThat(refused).hasMessageNotContaining("internal");
            }
        }

        /** The node does what is due, and something may happen to it on the way. */
        private void work(World node) {
            if (busy.contains(node)) {
                return;
            }
            switch (random.nextInt(4)) {
                case 0 -> node.transactions.killAtWrite(1 + random.nextInt(6), random.nextBoolean());
                case 1 -> node.transactions.before(1 + random.nextInt(10), () -> sleep(node));
                default -> {}
            }
            busy.add(node);
            guarded(node, () -> {
                node.runAll();
                node.transactions.spare();
            });
            busy.remove(node);
            interlocked();
            assertThat(violations).as(when).isEmpty();
        }

        /** Where it is killed, its next start takes its place at once. */
        private void guarded(World node, Runnable does) {
            try {
                does.run();
            } catch (KillableTransactions.Killed e) {
                int place = nodes.indexOf(node);
                if (place >= 0) { // else its place was taken while it slept
                    World next = node.started("node-" + place);
                    nodes.set(place, next);
                    watched(next);
                }
            }
        }

        /** Longer than any lease; the others go on meanwhile, and may be killed or fall asleep themselves. */
        private void sleep(World node) {
            if (depth >= DEEPEST) {
                return;
            }
            depth++;
            try {
                node.clock.advance(Duration.ofMinutes(1));
                for (World other : List.copyOf(nodes)) {
                    if (nodes.contains(other)) {
                        work(other);
                        request(other);
                    }
                }
            } finally {
                depth--;
            }
        }

        private void interlocked() {
            World node = nodes.getFirst();
            boolean changing = set().rotation().isPresent();
            if (changing && !node.host.active().isEmpty()) {
                violations.add("VMs run while their key is changed: " + node.host.active());
            }
        }

        private DiskEncryptionSet set() {
            World node = nodes.getFirst();
            return node.database
                    .transactions()
                    .<Optional<DiskEncryptionSet>>read(
                            tx -> node.stores.diskSets().find(tx, set))
                    .orElseThrow();
        }

        void settle() {
            World node = nodes.getFirst().started("last");
            keys.forEach(k -> node.vault.enable(k, true));
            Settled.tryOften(node);
            for (Operation each : asked) {
                Operation ended = node.operations.find(each.id()).orElseThrow();
                assertThat(ended.running()).as(when + ": " + ended).isFalse();
            }
            Optional<Operation> lastChange = asked.stream()
                    .map(o -> node.operations.find(o.id()).orElseThrow())
                    .filter(o -> o.target().equals(set))
                    .reduce((_, later) -> later);
            if (lastChange.filter(o -> o.status() == OperationStatus.SUCCEEDED).isPresent()) {
                assertThat(under(node)).as(when).containsOnly(set().activeKey());
            }
            new Settled(node, set, when).check();
        }

        private List<KeyId> under(World node) {
            return node.database
                    .transactions()
                    .<List<KeyId>>read(tx -> node.stores.artifacts().ofSet(tx, set, new ArtifactId(0), 1_000).stream()
                            .map(a -> node.stores
                                    .setKeys()
                                    .find(tx, a.envelope().setKey())
                                    .orElseThrow())
                            .map(k -> ((SetKey.Customer) k).key())
                            .toList());
        }
    }
}
