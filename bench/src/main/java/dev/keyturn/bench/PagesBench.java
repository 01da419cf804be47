package dev.keyturn.bench;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.engine.SqliteDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How long pages of the portal take with a large fleet, from the request to the last byte, by one person on one connection;
 * and the questions behind some of them asked of the same database in this process. The server is a process of its own.
 */
public final class PagesBench {
    private static final int SETS = 5;
    private static final int WARM = 20;
    private static final int ROUNDS = 200;
    private static final int SHOWN = 101;

    private final Report report = new Report(System.out);

    public static void main(String[] arguments) throws Exception {
        int vms = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        new PagesBench().run(vms);
    }

    private void run(int vms) throws Exception {
        try (Scratch scratch = Scratch.create()) {
            Path data = scratch.directory();
            String subscription;
            Map<String, Double> pages = new LinkedHashMap<>();
            Process server = LimitsBench.start(data, "-Xmx256m");
            try (Api api = new Api(ClientEnv.read(data.resolve("client.env")))) {
                subscription = api.env().subscription();
                report.title("Pages of the portal: " + vms + " VMs in " + SETS + " sets, the server has 256 MB");
                List<SmallFleet> fleets = new ArrayList<>();
                for (int i = 1; i <= SETS; i++) {
                    fleets.add(SmallFleet.create(api, "pages" + i, 1));
                    Clones.of(data, subscription, "pages" + i, i, vms / SETS);
                }
                try (Visitor visitor = Visitor.signIn(api)) {
                    for (Map.Entry<String, String> page : pages(vms / SETS).entrySet()) {
                        pages.put(page.getKey(), measure(page.getKey(), () -> visitor.get(page.getValue())));
                    }
                    fleets.getFirst().disableKey();
                    measure("overview, with the key of a set disabled", () -> visitor.get("/portal"));
                }
            } finally {
                // not asked to end: it would look at its database, and complain of rows that another program wrote
                server.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
            }
            inProcess(data, subscription, vms / SETS, pages);
        }
    }

    private static Map<String, String> pages(int each) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("VMs, first page", "/portal/vms");
        pages.put("VMs, name has 77", "/portal/vms?q=77");
        pages.put("VMs, stopped of a set", "/portal/vms?set=pages3/set&state=stopped");
        pages.put("VMs, with a fault", "/portal/vms?state=fault");
        pages.put("VMs, page from the last set on", "/portal/vms?after=pages5/load" + "%06d".formatted(each / 2));
        pages.put("VMs, by set", "/portal/vms?sort=set");
        pages.put("VMs, by set, the other way", "/portal/vms?sort=-set");
        pages.put("VMs, by name", "/portal/vms?sort=name");
        pages.put("VMs, nothing matches", "/portal/vms?q=nowhere");
        pages.put("one VM", "/portal/vms/pages3/load000077");
        pages.put("overview", "/portal");
        pages.put("sets", "/portal/sets");
        pages.put("one set", "/portal/sets/pages3/set");
        pages.put("change of a key", "/portal/sets/pages3/set/key");
        pages.put("vault", "/portal/vaults/pages3-kv");
        pages.put("key", "/portal/vaults/pages3-kv/keys/fleet");
        pages.put("search", "/portal/search?q=load0077");
        pages.put("activity", "/portal/activity");
        return pages;
    }

    /** Median in seconds. */
    private double measure(String name, Callable<?> work) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = -WARM; i < ROUNDS; i++) {
            Stopwatch watch = Stopwatch.start();
            work.call();
            if (i >= 0) {
                seconds.add(watch.seconds());
            }
        }
        List<Double> sorted = seconds.stream().sorted().toList();
        double median = sorted.get(sorted.size() / 2);
        report.line(
                name + ": p50 / p99",
                "%.1f / %.1f".formatted(median * 1e3, sorted.get(sorted.size() * 99 / 100) * 1e3),
                "ms");
        return median;
    }

    /** What the pages ask, of the stores alone: without HTTP, sign-in, rights and HTML. */
    private void inProcess(Path data, String subscription, int each, Map<String, Double> pages) throws Exception {
        SqlStores stores = SqlStores.create();
        try (SqliteDatabase database = SqliteDatabase.open(data, SimulatedTables.MIGRATIONS)) {
            Map<String, Consumer<Tx>> questions = new LinkedHashMap<>();
            questions.put("VMs, first page", vms(stores, subscription, VmFilter.ALL, Optional.empty()));
            questions.put("VMs, name has 77", vms(stores, subscription, VmFilter.ALL.named("77"), Optional.empty()));
            String last = new ArmId(
                            subscription,
                            "pages5",
                            "Microsoft.Compute/virtualMachines",
                            "load" + "%06d".formatted(each / 2))
                    .key();
            questions.put("VMs, page from the last set on", vms(stores, subscription, VmFilter.ALL, Optional.of(last)));
            questions.put("overview", tx -> {
                for (var set : stores.diskSets().page(tx, subscription, Optional.empty(), Optional.empty(), SHOWN)) {
                    var _ = stores.artifacts().census(tx, set.id());
                }
            });
            for (Map.Entry<String, Consumer<Tx>> question : questions.entrySet()) {
                double alone = measure("the same in process: " + question.getKey(), () -> {
                    database.read(tx -> {
                        question.getValue().accept(tx);
                        return true;
                    });
                    return true;
                });
                report.line(
                        "page / in process: " + question.getKey(),
                        pages.getOrDefault(question.getKey(), Double.NaN) / alone,
                        "");
            }
        }
    }

    private static Consumer<Tx> vms(SqlStores stores, String subscription, VmFilter filter, Optional<String> after) {
        return tx -> {
            int found =
                    stores.fleet().find(tx, subscription, filter, after, SHOWN).size();
            long all = stores.fleet().count(tx, subscription, filter).total();
            long faulty =
                    stores.fleet().count(tx, subscription, filter.withFault()).total();
            if (found > all || faulty > all) {
                throw new IllegalStateException("more found than there are");
            }
        };
    }
}
