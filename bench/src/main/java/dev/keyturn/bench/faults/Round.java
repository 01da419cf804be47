package dev.keyturn.bench.faults;

import dev.keyturn.bench.faults.ServerProcess.Around;
import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** One round: everything as in the beginning, clients, a fault, and what has to hold afterwards. */
final class Round {
    private static final int AFTER_MILLIS = 1_000;

    private final Site site;
    private final TrialFleet fleet;
    private final Path scratch;
    private final Around around;

    Round(Site site, TrialFleet fleet, Path scratch, Around around) {
        this.site = site;
        this.fleet = fleet;
        this.scratch = scratch;
        this.around = around;
    }

    /** What came of a round. */
    record Result(
            long seed,
            String fault,
            String text,
            int requests,
            int acknowledged,
            long rotations,
            int looks,
            double seconds,
            List<String> violations,
            Optional<Path> evidence) {
        String line() {
            return String.format(
                    Locale.ROOT,
                    "seed %d  %s  %d requests, %d acknowledged, %d rotations, %d looks, %.1f s  %s",
                    seed,
                    text,
                    requests,
                    acknowledged,
                    rotations,
                    looks,
                    seconds,
                    violations.isEmpty() ? "ok" : violations.size() + " VIOLATIONS");
        }
    }

    /** @param draw the fault, drawn with the round's randomness */
    Result run(long seed, String fault, Function<Random, Strike> draw) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Random random = new Random(seed);
        Journal journal = new Journal();
        fleet.initially(journal);
        Strike strike = draw.apply(random);
        List<String> violations = new ArrayList<>();
        strike.before();
        site.reset();
        int looks;
        try (Watcher watcher = new Watcher(site);
                Stage stage = new Stage(site, watcher, journal, random, scratch, around)) {
            try {
                play(stage, strike);
            } catch (Stage.StuckException e) {
                // said by a violation
            } catch (SQLException | CliException e) {
                stage.violation("the round could not be looked at: " + e);
            }
            looks = watcher.looksAtRotations();
            violations.addAll(stage.violations());
            violations.addAll(watcher.violations());
        }
        Optional<Path> evidence =
                violations.isEmpty() ? Optional.empty() : Optional.of(keep(seed, journal, violations));
        strike.after();
        return new Result(
                seed,
                fault,
                strike.text(),
                journal.entries().size(),
                journal.acknowledged(),
                journal.entries().stream()
                        .filter(e -> e.what.contains("rotation of") && !e.operation.isEmpty())
                        .count(),
                looks,
                (System.nanoTime() - begin) / 1e9,
                violations,
                evidence);
    }

    private void play(Stage stage, Strike strike)
            throws IOException, InterruptedException, SQLException, Stage.StuckException {
        stage.startAll();
        strike.prepare(stage);
        try (Clients clients = new Clients(stage, fleet, strike.toward())) {
            strike.strike(stage);
            stage.sleep(stage.random.nextInt(AFTER_MILLIS));
            clients.end().forEach(e -> stage.violation("a client of this program ended: " + e));
        }
        stage.startAll();
        Map<Long, String> told;
        try (Api api = site.api(0)) {
            AfterRound after = new AfterRound(api, stage.journal);
            after.clearFaults();
            Map<String, String> ends = after.ends();
            after.journaled(ends);
            after.sets();
            told = after.artifacts();
            after.audit();
            after.violations().forEach(stage::violation);
        }
        stage.stopAll();
        Path copy = scratch.resolve("rest");
        Trees.delete(copy);
        try (Connection look = site.lookAtCopy(copy)) {
            StoreLook.Seen seen = StoreLook.atRest(look, site.masterKey());
            seen.violations().forEach(stage::violation);
            AfterRound.compare(told, seen.keys()).forEach(stage::violation);
            stage.journal.unrecorded(seen.groups()).forEach(stage::violation);
        }
    }

    private Path keep(long seed, Journal journal, List<String> violations) throws IOException, InterruptedException {
        Path to = scratch.resolveSibling("evidence").resolve("seed-" + seed);
        Trees.delete(to);
        Files.createDirectories(to);
        Files.write(to.resolve("violations"), violations);
        Files.write(
                to.resolve("journal"),
                journal.entries().stream().map(Journal.Entry::toString).toList());
        site.evidence(to);
        return to;
    }
}
