package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.demo.Narrator.Cell;
import dev.keyturn.cli.demo.Narrator.Table;
import dev.keyturn.cli.demo.Narrator.Tone;
import dev.keyturn.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import tools.jackson.databind.node.ObjectNode;

/** The guests of the fleet, as they tell of themselves on their serial consoles. */
final class Guests {
    /** What each guest has, and what a person is told it is. */
    private static final Map<String, String> STORES = new LinkedHashMap<>();

    static {
        STORES.put("file", "file on OS disk");
        STORES.put("uefi", "UEFI variable");
        STORES.put("tpm", "TPM NV index");
        STORES.put("data0", "data disk");
    }

    /** Emulated guests boot in about 20 seconds on a quiet machine; several on a busy one take their time. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final int SHOWN = 300;

    private final Estate estate;
    private final List<String> vms;
    /** How much each had written before its present boot. */
    private final Map<String, Integer> before = new LinkedHashMap<>();

    Guests(Estate estate, List<String> vms) {
        this.estate = estate;
        this.vms = List.copyOf(vms);
    }

    /** To be called before a boot: what stands on the consoles now is of earlier ones. */
    void mark() {
        vms.forEach(vm -> before.put(vm, estate.console(vm).length()));
    }

    /** Waits until each says that it is ready. */
    Map<String, BootReport> ready(IntConsumer percent) {
        Map<String, BootReport> all = new LinkedHashMap<>();
        for (String vm : vms) {
            Optional<BootReport> report = Api.poll(PATIENCE, () -> BootReport.of(console(vm)));
            unless(
                    report.isPresent(),
                    "the guest of " + vm + " is not ready after " + PATIENCE.toSeconds()
                            + " seconds; the end of its console: " + end(console(vm)));
            all.put(vm, report.orElseThrow());
            percent.accept(100 * all.size() / vms.size());
        }
        return all;
    }

    private String console(String vm) {
        String all = estate.console(vm);
        int old = before.getOrDefault(vm, 0);
        return all.length() >= old ? all.substring(old) : all;
    }

    private static String end(String console) {
        String plain = console.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.isEmpty() ? "(empty)" : plain.substring(Math.max(0, plain.length() - SHOWN));
    }

    /** First boot: every store was empty, and now holds a value that was read back. */
    static void mustBeNew(Map<String, BootReport> reports) {
        reports.forEach((vm, report) -> {
            unless(report.boot() == 1, vm + " should have booted for the first time, and says boot " + report.boot());
            STORES.forEach((store, name) -> {
                String how = value(report, store).how();
                unless(how.equals("written"), "the " + name + " of " + vm + " should be written, and is " + how);
            });
        });
    }

    /** A later boot: every store holds what was written to it at the first. */
    static void mustBeKept(Map<String, BootReport> first, Map<String, BootReport> now) {
        now.forEach((vm, report) -> STORES.forEach((store, name) -> {
            BootReport.Value value = value(report, store);
            unless(
                    value.how().equals("read"),
                    "the " + name + " of " + vm + " should be read back, and is " + value.how() + " (" + value.text()
                            + "): what was in it is lost");
            String was = value(first.getOrDefault(vm, report), store).text();
            unless(
                    value.text().equals(was),
                    "the " + name + " of " + vm + " should hold " + was + ", and holds " + value.text());
        }));
        now.forEach((vm, report) -> unless(
                report.boot() == first.getOrDefault(vm, report).boot() + 1,
                vm + " should have booted once more, and says boot " + report.boot()));
    }

    private static BootReport.Value value(BootReport report, String store) {
        return report.stores().getOrDefault(store, new BootReport.Value("not there", "the guest says nothing of it"));
    }

    static int values(Map<String, BootReport> reports) {
        return reports.size() * STORES.size();
    }

    /** How each came by its values, and the beginning of each. */
    static Table table(Map<String, BootReport> reports, Tone tone) {
        List<String> head = new ArrayList<>(List.of("VM"));
        head.addAll(STORES.values());
        List<List<Cell>> rows = new ArrayList<>();
        reports.forEach((vm, report) -> {
            List<Cell> row = new ArrayList<>(List.of(new Cell(vm, Tone.PLAIN)));
            STORES.keySet().forEach(store -> {
                BootReport.Value value = value(report, store);
                row.add(new Cell(value.how() + " " + Versions.head(value.text()), tone));
            });
            rows.add(row);
        });
        return new Table(head, rows);
    }

    static ObjectNode facts(Map<String, BootReport> reports) {
        ObjectNode out = Json.object();
        reports.forEach((vm, report) -> {
            ObjectNode guest = out.putObject(vm).put("boot", report.boot());
            report.stores()
                    .forEach((store, value) ->
                            guest.putObject(store).put("how", value.how()).put("value", value.text()));
        });
        return out;
    }
}
