package dev.keyturn.bench;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import java.util.List;

/**
 * Rotates a fleet and prints its artifacts per second beside the rate at which the store alone does the same updates:
 * compare-and-set of as many envelopes, in transactions of the same size, on the same rows, with nothing around it.
 * Afterwards every artifact was opened under the new key. Run with {@code -Xmx256m}.
 */
public final class RotationBench {
    private static final int BATCH = 4_000;

    private final Engine engine;
    private final Report report;

    private RotationBench(Engine engine, Report report) {
        this.engine = engine;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        int vms = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        try (Scratch scratch = Scratch.create();
                Engine engine = new Engine(scratch.directory())) {
            new RotationBench(engine, new Report(System.out)).run(vms);
        }
    }

    private void run(int vms) {
        report.title("Rotation of " + vms + " CVMs x " + Fleet.ARTIFACTS_OF_A_VM + " artifacts");
        Stopwatch watch = Stopwatch.start();
        Fleet fleet = Fleet.create(engine, "fleet", vms);
        long artifacts = engine.database.read(tx -> engine.stores.artifacts().count(tx, fleet.set()));
        report.line("fleet written", watch.seconds(), "s");
        KeyId target = engine.vault.create();
        HeapPeak heap = HeapPeak.fromNow();
        CountingVault.Calls before = engine.vault.calls();
        Expense expense = Expense.soFar();
        watch = Stopwatch.start();
        Operation ended = engine.rotate(fleet.set(), target);
        double seconds = watch.seconds();
        expense = Expense.soFar().since(expense);
        CountingVault.Calls calls = engine.vault.calls().since(before);
        if (ended.status() != OperationStatus.SUCCEEDED) {
            throw new IllegalStateException("the rotation failed: " + ended.error());
        }
        report.line("rotated", artifacts, "artifacts");
        report.line("rotation, from save to the operation's end", seconds, "s");
        report.line("rotation", artifacts / seconds, "artifacts/s");
        report.line("processor time of it", (double) expense.processor() / 1_000 / artifacts, "us for each");
        report.line("objects made by it", expense.bytes() / artifacts, "bytes for each");
        report.line("most heap used / heap allowed", heap.usedMegabytes() + " / " + heap.allowedMegabytes(), "MB");
        report.line("vault: reads of a key / wraps / unwraps", calls.text(), "");
        report.line("opened under the new key afterwards", opened(fleet, target), "artifacts");
        double store = storeAlone(fleet);
        report.line("the store alone, the same updates", store, "artifacts/s");
        report.line("rotation / store alone", artifacts / seconds / store, "");
    }

    /** Opens every artifact of the set as a start would. */
    private long opened(Fleet fleet, KeyId target) {
        SetKey.Customer setKey = engine.database
                .read(tx -> engine.stores.setKeys().find(tx, fleet.set(), target))
                .orElseThrow();
        long opened = 0;
        try (SetKeyCipher cipher = engine.setKeys.open(setKey, fleet.principal())) {
            List<Artifact> page = page(fleet, new ArtifactId(0));
            while (!page.isEmpty()) {
                for (Artifact artifact : page) {
                    cipher.open(artifact.id(), artifact.set(), artifact.envelope())
                            .close();
                    opened++;
                }
                page = page(fleet, page.getLast().id());
            }
        }
        return opened;
    }

    /** Artifacts per second; only the write transactions are timed. The envelopes are worth nothing afterwards. */
    private double storeAlone(Fleet fleet) {
        KeyId key = engine.vault.create();
        SetKey.Customer other = engine.setKeys.ensure(fleet.set(), key, fleet.principal());
        double seconds = 0;
        long updated = 0;
        List<Artifact> page = page(fleet, new ArtifactId(0));
        while (!page.isEmpty()) {
            List<ArtifactStore.Rewrap> rewraps = page.stream()
                    .map(a -> new ArtifactStore.Rewrap(a.id(), a.revision(), relabelled(a.envelope(), other)))
                    .toList();
            Stopwatch watch = Stopwatch.start();
            List<ArtifactId> lost =
                    engine.database.write(tx -> engine.stores.artifacts().rewrap(tx, rewraps));
            seconds += watch.seconds();
            if (!lost.isEmpty()) {
                throw new IllegalStateException(lost.size() + " updates were lost");
            }
            updated += rewraps.size();
            page = page(fleet, page.getLast().id());
        }
        return updated / seconds;
    }

    private List<Artifact> page(Fleet fleet, ArtifactId after) {
        return engine.database.read(tx -> engine.stores.artifacts().ofSet(tx, fleet.set(), after, BATCH));
    }

    private static Envelope relabelled(Envelope envelope, SetKey.Customer other) {
        return new Envelope(other.id(), envelope.nonce(), envelope.sealed(), envelope.check());
    }
}
