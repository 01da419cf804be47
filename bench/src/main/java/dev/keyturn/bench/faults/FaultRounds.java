package dev.keyturn.bench.faults;

import dev.keyturn.bench.faults.ServerProcess.Around;
import dev.keyturn.cli.client.Api;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** Rounds of faults, each told in a line. Exit status 1 where something was violated. */
public final class FaultRounds implements AutoCloseable {
    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 10_000;

    private final Plan plan;
    private final PrintStream out;
    private final Path directory;
    private final Site site;
    private final Menu menu;
    private final TrialFleet fleet;

    public static void main(String[] arguments) throws Exception {
        Plan plan;
        try {
            plan = Plan.parse(Arrays.asList(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        FaultRounds rounds = new FaultRounds(plan, System.out);
        int violations;
        try {
            violations = rounds.run();
        } finally {
            rounds.close();
        }
        System.exit(violations == 0 ? 0 : 1);
    }

    /** Makes what each round begins with. */
    FaultRounds(Plan plan, PrintStream out) throws IOException, InterruptedException, ExecutionException {
        this.plan = plan;
        this.out = out;
        this.directory = Files.createTempDirectory(
                Files.createDirectories(plan.directory().toAbsolutePath()), "rounds-");
        this.site = site(plan, directory.resolve("site"));
        this.menu = Menu.of(plan, site, directory.resolve("mount"), out);
        Around around = Around.NOTHING;
        if (jars()) {
            around = around.jvm("-XX:AOTCacheOutput=" + cache());
        }
        try (Watcher watcher = new Watcher(site);
                Stage stage = stage(watcher, around)) {
            stage.begin(0);
            stage.awaitReady(0);
            stage.stopAll();
            stage.around(around());
            stage.startAll();
            try (Api api = site.api(0)) {
                fleet = TrialFleet.create(api);
            }
            stage.stopAll();
            if (!stage.violations().isEmpty()) {
                throw new IllegalStateException(String.join("; ", stage.violations()));
            }
        } catch (Stage.StuckException e) {
            throw new IllegalStateException("the server does not start; see " + site.log(0), e);
        }
        site.keepAsBegin();
    }

    private static Site site(Plan plan, Path directory) throws IOException, InterruptedException {
        if (!plan.database().equals(Plan.POSTGRESQL)) {
            return new EmbeddedSite(directory, freePort());
        }
        Path programs = PostgresProcess.programs()
                .orElseThrow(() -> new IllegalArgumentException("there is no PostgreSQL in /usr/lib/postgresql"));
        PostgresProcess postgres = PostgresProcess.begin(programs, freePort());
        try {
            return new PostgresSite(directory, plan.nodes(), freePort(), postgres);
        } catch (SQLException e) {
            postgres.close();
            throw new IOException(e);
        }
    }

    private Stage stage(Watcher watcher, Around around) {
        return new Stage(site, watcher, new Journal(), new Random(), directory.resolve("scratch"), around);
    }

    /** A start takes half the time with a record of what it loads, which a class path of jars alone can have. */
    private Around around() {
        return Files.exists(cache())
                ? Around.NOTHING
                        .jvm("-XX:AOTCache=" + cache())
                        .jvm("-Xlog:aot=off")
                        .jvm("-Xlog:cds=off")
                : Around.NOTHING;
    }

    private Path cache() {
        return directory.resolve("start.aot");
    }

    private static boolean jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .allMatch(p -> p.endsWith(".jar"));
    }

    /** Below those that the system gives to clients. */
    private static int freePort() throws IOException {
        Random random = new Random();
        for (int i = 0; i < 100; i++) {
            int port = LOWEST_PORT + random.nextInt(PORTS);
            try (ServerSocket _ = new ServerSocket(port)) {
                return port;
            } catch (IOException e) {
                // taken
            }
        }
        throw new IOException("no free port found");
    }

    /** How many violations there were. */
    int run() throws IOException, InterruptedException {
        Map<String, int[]> counts = new TreeMap<>();
        List<Round.Result> failed = new ArrayList<>();
        long begin = System.nanoTime();
        int done = 0;
        while (plan.goesOn(done, (System.nanoTime() - begin) / 1e9)) {
            long seed = plan.seed() + done;
            String fault = menu.draw(new Random(seed ^ Long.MIN_VALUE));
            Round round = new Round(site, fleet, directory.resolve("scratch"), around());
            Round.Result result = round.run(seed, fault, random -> menu.strike(fault, random));
            out.println("round " + ++done + "  " + result.line());
            int[] count = counts.computeIfAbsent(fault, _ -> new int[2]);
            count[0]++;
            if (!result.violations().isEmpty()) {
                count[1]++;
                failed.add(result);
                result.violations().forEach(v -> out.println("    " + v));
                result.evidence().ifPresent(e -> out.println("    evidence: " + e));
                out.println("    again: " + plan.command(seed));
            }
            out.flush();
        }
        double minutes = (System.nanoTime() - begin) / 6e10;
        out.println();
        counts.forEach((fault, count) ->
                out.println(String.format(Locale.ROOT, "%-10s %d rounds, %d violated", fault, count[0], count[1])));
        out.println(String.format(
                Locale.ROOT,
                "%d rounds, %d violated, %.1f rounds/min, seeds %d to %d",
                done,
                failed.size(),
                done / minutes,
                plan.seed(),
                plan.seed() + done - 1));
        return failed.size();
    }

    /** The database of the last round, as it was at rest; of an embedded one. */
    Path atRest() {
        return directory.resolve("scratch").resolve("rest").resolve("keyturn.db");
    }

    byte[] masterKey() throws IOException {
        return site.masterKey();
    }

    @Override
    public void close() throws IOException {
        site.close();
        Trees.delete(directory.resolve("site"));
        Trees.delete(directory.resolve("scratch"));
        Trees.delete(directory.resolve("mount"));
        Files.deleteIfExists(cache());
        try (var left = Files.list(directory)) {
            if (left.findAny().isPresent()) {
                return; // evidence
            }
        }
        Files.delete(directory);
    }
}
