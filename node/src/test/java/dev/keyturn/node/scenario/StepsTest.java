package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.rotation.KillableTransactions;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call that every operation makes to its host, made to fail in every way: what is left can be used or deleted, and
 * gets in the way of nothing (docs/steps.md).
 */
class StepsTest {
    private static final int MOST_CALLS = 20;

    @TempDir
    Path directory;

    private enum Failure {
        UNREACHABLE,
        REFUSED,
        FAULT;

        RuntimeException exception() {
            return switch (this) {
                case UNREACHABLE ->
                    new DomainError.Unavailable(ErrorInfo.of("HostNotReachable", "injected: no answer")).asException();
                case REFUSED -> new DomainError.Conflict(ErrorInfo.of("Refused", "injected: refused")).asException();
                case FAULT -> new IllegalStateException("injected: a fault of the program");
            };
        }
    }

    /** Fails the n-th call from now, or all from there. */
    private record Injected(Failure failure, int call, boolean afterItsEffect, boolean forEver) {
        Injected at(int other) {
            return new Injected(failure, other, afterItsEffect, forEver);
        }

        BiConsumer<String, Runnable> around(AtomicInteger calls) {
            return (order, effect) -> {
                if (order.equals("fence")) { // what becomes of one without it: LateOrderTest
                    effect.run();
                    return;
                }
                int now = calls.incrementAndGet();
                boolean fails = forEver ? now >= call : now == call;
                if (!fails || afterItsEffect) {
                    effect.run();
                }
                if (fails) {
                    throw failure.exception();
                }
            };
        }
    }

    /** A world in which one kind of work was prepared, to be copied for each case. */
    private record Prepared(TestDatabase closed, World world) {
        World copied(Path to) throws IOException {
            SettableClock clock = new SettableClock(world.clock.instant());
            return new World(closed.copyTo(Files.createDirectory(to)), clock, world.vault, world.identities);
        }
    }

    private Prepared prepared(Work work) throws IOException {
        Path data = Files.createDirectory(directory.resolve(work.name()));
        try (TestDatabase database = TestDatabase.in(data, SimulatedTables.MIGRATIONS)) {
            World world = World.fresh(database);
            work.prepare(world);
            return new Prepared(database, world);
        }
    }

    private static boolean exhaustive() {
        return Boolean.getBoolean("keyturn.steps.all");
    }

    /** All twelve ways for a person who asks for them; of each other run those that differ most. */
    private static List<Injected> ways() {
        if (!exhaustive()) {
            return List.of(
                    new Injected(Failure.UNREACHABLE, 1, false, true),
                    new Injected(Failure.REFUSED, 1, true, false),
                    new Injected(Failure.FAULT, 1, true, true));
        }
        List<Injected> all = new ArrayList<>();
        for (Failure failure : Failure.values()) {
            for (int way = 0; way < 4; way++) {
                all.add(new Injected(failure, 1, way / 2 == 1, way % 2 == 1));
            }
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(Work.class)
    void everyCallThatFails_inEveryWay_leavesNothingInTheWay(Work work) throws IOException {
        Prepared prepared = prepared(work);
        for (Injected way : ways()) {
            int call = 1;
            while (fails(prepared, work, way.at(call))) {
                assertThat(++call).isLessThan(MOST_CALLS);
            }
            assertThat(call).as("calls that " + work + " makes").isGreaterThan(1);
        }
    }

    /** False where the operation makes fewer calls than that. */
    private boolean fails(Prepared prepared, Work work, Injected injected) throws IOException {
        World world = prepared.copied(directory.resolve(injected.toString()));
        try (TestDatabase _ = world.database) {
            AtomicInteger calls = new AtomicInteger();
            Operation begun = work.begin(world);
            world.talkative.around = injected.around(calls);
            Settled.tryOften(world);
            if (calls.get() < injected.call()) {
                return false;
            }
            String when = work + ", " + injected;
            Operation after = world.operations.find(begun.id()).orElseThrow();
            if (after.running()) { // a VM may run by an order whose answer was lost, and the host does not say
                assertThat(injected.forEver()).as(when + ": still at work").isTrue();
                assertThat(after.error().orElseThrow().code()).as(when).isEqualTo("WaitingForHost");
            }
            world.talkative.around = (_, effect) -> effect.run();
            new Settled(world, Work.set(), when).check();
            return true;
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, exhaustive() ? 500 : 10);
    }

    private static <T> T any(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    /** A call fails, and the process is killed at some write before or after that. */
    @ParameterizedTest
    @MethodSource("seeds")
    void failureAndKill_leaveNothingInTheWay(int seed) throws IOException {
        Random random = new Random(seed);
        Work work = any(random, Work.values());
        Injected injected = new Injected(
                any(random, Failure.values()), 1 + random.nextInt(5), random.nextBoolean(), random.nextBoolean());
        int write = 1 + random.nextInt(15);
        boolean afterCommit = random.nextBoolean();
        World world = prepared(work).copied(directory.resolve("seed"));
        try (TestDatabase _ = world.database) {
            Operation begun = work.begin(world);
            AtomicInteger calls = new AtomicInteger();
            world.talkative.around = injected.around(calls);
            world.transactions.killAtWrite(write, afterCommit);
            try {
                Settled.tryOften(world);
            } catch (KillableTransactions.Killed e) {
                assertThat(e).hasMessage("killed");
            }
            World next = world.restarted(w -> w.talkative.around = injected.around(calls));
            Settled.tryOften(next);
            next.talkative.around = (_, effect) -> effect.run();
            String when = "seed " + seed + ": " + work + ", " + injected + ", killed at write " + write;
            new Settled(next, Work.set(), when).check();
            assertThat(next.operations.find(begun.id()).orElseThrow().running())
                    .as(when)
                    .isFalse();
        }
    }
}
