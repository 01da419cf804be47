package dev.keyturn.bench;

import dev.keyturn.core.artifact.ArtifactStore.Rewrap;
import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.SqlTx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The embedded store by itself: durable writes and reads per second for one caller and for many, and, on a set of many
 * artifacts, a batch of re-wraps beside the same update in bare SQLite, and what each question about the set takes.
 */
public final class StoreBench {
    private static final int BATCH = 5_000;
    private static final int ROUNDS = 7;
    private static final double MEASURED_SECONDS = 2;

    private final Engine engine;
    private final Report report;

    private StoreBench(Engine engine, Report report) {
        this.engine = engine;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        int vms = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        Report report = new Report(System.out);
        try (Scratch scratch = Scratch.create();
                Engine engine = new Engine(scratch.directory())) {
            StoreBench bench = new StoreBench(engine, report);
            bench.transactions();
            bench.set(vms, scratch.directory());
        }
    }

    private void transactions() throws Exception {
        report.title("Transactions, each on the disk when it returns");
        for (int callers : List.of(1, 8, 64)) {
            long before = engine.database.load().commits();
            LongAdder writes = new LongAdder();
            double rate = perSecond(callers, i -> {
                engine.database.run(tx -> put(tx, i));
                writes.increment();
            });
            long commits = engine.database.load().commits() - before;
            report.line(callers + " writing", rate, "writes/s");
            report.line("    in one commit", (double) writes.sum() / commits, "writes");
        }
        for (int callers : List.of(1, 8, 64)) {
            report.line(
                    callers + " reading by key",
                    perSecond(
                            callers,
                            i -> engine.database.read(
                                    tx -> engine.stores.settings().find(tx, "n" + i % 100))),
                    "reads/s");
        }
    }

    private void put(Tx tx, long i) {
        engine.stores.settings().put(tx, "n" + i % 100, Long.toString(i));
    }

    private void set(int vms, Path directory) throws Exception {
        Fleet fleet = Fleet.create(engine, "fleet", vms);
        SetKey.Customer other = engine.setKeys.ensure(fleet.set(), engine.vault.create(), fleet.principal());
        long artifacts = read(tx -> engine.stores.artifacts().count(tx, fleet.set()));
        report.title("A set of " + artifacts + " artifacts");

        report.line("count", millis(tx -> engine.stores.artifacts().count(tx, fleet.set())), "ms");
        report.line("census", millis(tx -> engine.stores.artifacts().census(tx, fleet.set())), "ms");
        report.line("hosts", millis(tx -> engine.stores.artifacts().hosts(tx, fleet.set())), "ms");
        report.line("set keys in use", millis(tx -> engine.stores.setKeys().inUse(tx, fleet.set())), "ms");
        report.line(
                "VMs that block a rotation", millis(tx -> engine.stores.vms().blocking(tx, fleet.set())), "ms");
        ArtifactId middle = new ArtifactId(artifacts / 2);
        List<SealedKey> page =
                read(tx -> engine.stores.artifacts().notUnder(tx, fleet.set(), other.id(), middle, BATCH));
        List<ArtifactId> ids = page.stream().map(SealedKey::artifact).toList();
        report.line(
                "a page of " + BATCH + " not under a key",
                millis(tx -> engine.stores.artifacts().notUnder(tx, fleet.set(), other.id(), middle, BATCH)),
                "ms");
        report.line(
                "the same " + BATCH + " by their ids",
                millis(tx -> engine.stores.artifacts().sealedKeys(tx, ids)),
                "ms");
        report.line("their images", millis(tx -> engine.stores.artifacts().images(tx, ids)), "ms");

        double ours = rewraps(fleet, other, tx -> {});
        double bare = BareSqlite.updatesPerSecond(directory.resolve("bare.db"), (int) artifacts, BATCH, ROUNDS);
        report.line("re-wraps, " + BATCH + " in a transaction", ours, "/s");
        report.line("the same update in bare SQLite", bare, "/s");
        report.line("re-wraps / bare SQLite", ours / bare, "");
        double under = rewraps(fleet, other, tx -> SqlTx.of(tx).update("SAVEPOINT bench"));
        report.line("re-wraps under a savepoint", under, "/s");
    }

    /** Artifacts per second, the median over transactions of one batch, on pages spread over the set. */
    private double rewraps(Fleet fleet, SetKey.Customer other, Consumer<Tx> before) {
        List<Double> rates = new ArrayList<>();
        ArtifactId after = new ArtifactId(0);
        for (int i = 0; i < ROUNDS; i++) {
            ArtifactId from = after;
            List<SealedKey> page =
                    read(tx -> engine.stores.artifacts().notUnder(tx, fleet.set(), other.id(), from, BATCH));
            List<Rewrap> rewraps = page.stream()
                    .map(a -> new Rewrap(a.artifact(), a.revision(), under(other, a.envelope())))
                    .toList();
            after = page.getLast().artifact();
            Stopwatch watch = Stopwatch.start();
            List<ArtifactId> lost = engine.database.write(tx -> {
                before.accept(tx);
                return engine.stores.artifacts().rewrap(tx, rewraps);
            });
            rates.add(rewraps.size() / watch.seconds());
            if (!lost.isEmpty()) {
                throw new IllegalStateException(lost.size() + " re-wraps were lost");
            }
        }
        return Report.median(rates);
    }

    private static Envelope under(SetKey.Customer other, Envelope envelope) {
        return new Envelope(other.id(), envelope.nonce(), envelope.sealed(), envelope.check());
    }

    private <T> T read(Function<Tx, T> work) {
        return engine.database.read(work);
    }

    private double millis(Function<Tx, ?> question) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Stopwatch watch = Stopwatch.start();
            Object answer = engine.database.<Object>read(question::apply);
            times.add(watch.seconds() * 1e3);
            if (answer.equals(this)) {
                throw new AssertionError("so that the answer is used");
            }
        }
        return Report.median(times);
    }

    /** What an operation by so many virtual threads reaches; the first half of the time is warming up. */
    private static double perSecond(int callers, LongCall call) throws Exception {
        LongAdder measured = new LongAdder();
        Stopwatch watch = Stopwatch.start();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                long mine = caller * 1_000_000L;
                all.add(() -> {
                    for (long i = mine; watch.seconds() < 2 * MEASURED_SECONDS; i++) {
                        call.of(i);
                        if (watch.seconds() >= MEASURED_SECONDS) {
                            measured.increment();
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> each : executor.invokeAll(all)) {
                each.get();
            }
        }
        return measured.sum() / MEASURED_SECONDS;
    }

    /** An operation by number. */
    @FunctionalInterface
    private interface LongCall {
        void of(long number);
    }
}
