package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.cli.CliException;
import dev.keyturn.cli.audit.AuditExport;
import dev.keyturn.cli.audit.ExportVerifier;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What has to hold when all nodes are up again, asked over the API as a client asks. */
final class AfterRound {
    /** Behind the path of a VM: how many data disks it has. */
    static final String DISKS = "#disks";

    private static final int TRIES = 40;
    private static final long PAUSE_MILLIS = 250;

    private final Api api;
    private final Journal journal;
    private final List<String> violations = new ArrayList<>();

    AfterRound(Api api, Journal journal) {
        this.api = api;
        this.journal = journal;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Takes away what holds or breaks calls to the host. */
    void clearFaults() throws InterruptedException {
        patiently(() -> api.own("DELETE", "/keyturn/simulatedHost/faults", Optional.empty()));
    }

    /** Waits until every operation that was acknowledged has ended; how each did. */
    Map<String, String> ends() throws InterruptedException {
        Map<String, String> ends = new LinkedHashMap<>();
        long begin = System.nanoTime();
        for (Journal.Entry entry : journal.entries()) {
            if (entry.operation.isEmpty()) {
                continue;
            }
            String status = status(entry);
            while (status.equals("InProgress") && System.nanoTime() - begin < Asker.PATIENCE_MILLIS * 1_000_000) {
                Thread.sleep(PAUSE_MILLIS / 5);
                status = status(entry);
            }
            if (status.equals("InProgress")) {
                violations.add("an operation does not end: " + entry);
            }
            ends.put(entry.operation, status);
        }
        return ends;
    }

    private String status(Journal.Entry entry) throws InterruptedException {
        Optional<Answer> answer = patiently(() -> api.own("GET", entry.operation, Optional.empty()));
        if (answer.isEmpty()) {
            violations.add("an operation that was acknowledged is not known: " + entry);
        }
        return answer.map(a -> a.text("status")).orElse("unknown");
    }

    /** What was acknowledged is there, and nothing that was not asked for. */
    void journaled(Map<String, String> ends) throws InterruptedException {
        Map<String, String> found = new TreeMap<>();
        for (String target : journal.allowed(ends).keySet()) {
            if (target.endsWith(DISKS)) {
                found.putIfAbsent(target, Journal.UNSEEN); // its VM says it
                continue;
            }
            if (target.startsWith("https://")) {
                found.put(target, keyVersion(target));
            } else if (target.contains("/virtualMachines/")) {
                vm(target, found);
            } else if (target.contains("/diskEncryptionSets/")) {
                found.put(
                        target,
                        get(target, Bodies.SETS).map(AfterRound::activeKey).orElse(Journal.ABSENT));
            } else if (target.contains("/disks/")) {
                found.put(
                        target,
                        get(target, Bodies.VMS).map(a -> stateOf(a, "present")).orElse(Journal.ABSENT));
            } else if (target.startsWith("/resourceGroups/")) {
                found.put(target, get(target, Bodies.GROUPS).isPresent() ? "present" : Journal.ABSENT);
            }
        }
        violations.addAll(journal.violations(ends, found));
    }

    private void vm(String path, Map<String, String> found) throws InterruptedException {
        Optional<Answer> vm = get(path, Bodies.VMS);
        String state = vm.isEmpty() ? Journal.ABSENT : stateOf(vm.get(), TrialFleet.power(api, path));
        found.put(path, state);
        boolean has = !state.equals(Journal.ABSENT) && !state.equals("failed");
        int disks = vm.flatMap(v -> Answer.at(v.body(), "properties.storageProfile.dataDisks"))
                .map(JsonNode::size)
                .orElse(0);
        found.put(path + DISKS, has ? Integer.toString(disks) : Journal.UNSEEN);
    }

    private static String stateOf(Answer answer, String state) {
        return answer.text("properties.provisioningState").equals("Failed") ? "failed" : state;
    }

    private static String activeKey(Answer set) {
        return set.text("properties.activeKey.keyUrl");
    }

    private String keyVersion(String url) throws InterruptedException {
        String authority = url.substring("https://".length(), url.indexOf("/keys/"));
        String path = url.substring(url.indexOf("/keys/"));
        return patiently(() -> api.keys("GET", authority, path, Optional.empty()))
                        .isPresent()
                ? "present"
                : Journal.ABSENT;
    }

    /** Every artifact of a set opens on its host; where its last rotation succeeded, none is under another key. */
    void sets() throws InterruptedException {
        for (String name : TrialFleet.ALL_SETS) {
            String set = TrialFleet.set(name);
            String active = activeKey(get(set, Bodies.SETS).orElseThrow());
            Answer census = get(set + "/census", Bodies.SETS).orElseThrow();
            List<JsonNode> rotations =
                    values(get(set + "/rotations", Bodies.SETS).orElseThrow());
            rotations.forEach(r -> rotation(name, r));
            if (!rotations.isEmpty()
                    && Answer.text(rotations.getFirst(), "status").equals("Succeeded")) {
                String to = Answer.text(rotations.getFirst(), "to");
                if (!census.text("underOtherKeys").equals("0")) {
                    violations.add("the last rotation of " + name + " succeeded, and the census says " + census.body());
                }
                if (!to.equals(active)) {
                    violations.add("the last rotation of " + name + " succeeded, to " + to + ", and it has " + active);
                }
            }
            verify(name, set);
        }
    }

    private void rotation(String set, JsonNode rotation) {
        String status = Answer.text(rotation, "status");
        boolean whole = Answer.text(rotation, "failed").equals("0");
        if (status.equals("InProgress") || (status.equals("Succeeded") && !whole)) {
            violations.add("a rotation of " + set + " says " + rotation);
        }
    }

    private void verify(String name, String set) {
        try {
            api.armToEnd("POST", set + "/verify", Bodies.SETS, Optional.empty());
        } catch (CliException e) {
            violations.add("the verification of " + name + " says: " + e.getMessage());
        }
    }

    /** Under which key version the API says that each artifact is, by its number. */
    Map<Long, String> artifacts() throws InterruptedException {
        Map<Long, String> keys = new TreeMap<>();
        for (String group : List.of(TrialFleet.GROUP, TrialFleet.OTHER)) {
            String vms = group + "/providers/Microsoft.Compute/virtualMachines";
            for (JsonNode vm : get(vms, Bodies.VMS).map(AfterRound::values).orElse(List.of())) {
                String path = vms + "/" + Answer.text(vm, "name") + "/artifacts";
                get(path, Bodies.VMS)
                        .map(AfterRound::values)
                        .orElse(List.of())
                        .forEach(a -> keys.put(Long.valueOf(Answer.text(a, "id")), Answer.text(a, "keyUrl")));
            }
        }
        return keys;
    }

    /** What the API says of an artifact is what its row has, and what it opens under. */
    static List<String> compare(Map<Long, String> told, Map<Long, String> stored) {
        List<String> violations = new ArrayList<>();
        told.forEach((artifact, url) -> {
            String row = stored.getOrDefault(artifact, "no artifact");
            if (!row.toLowerCase(Locale.ROOT).equals(url.toLowerCase(Locale.ROOT))) {
                violations.add("artifact " + artifact + " is told to be under " + url + ", and its row says " + row);
            }
        });
        return violations;
    }

    /** As {@code ./keyturn audit verify} does it. */
    void audit() {
        ExportVerifier verifier = new ExportVerifier(Optional.empty());
        new AuditExport(api, Optional.empty(), line -> {
                    try {
                        verifier.line(line);
                    } catch (ExportVerifier.NoExportException e) {
                        violations.add("the audit record cannot be read: " + e.getMessage());
                    }
                })
                .write();
        try {
            verifier.end();
        } catch (ExportVerifier.NoExportException e) {
            violations.add("the audit record cannot be read: " + e.getMessage());
        }
        verifier.findings().forEach(f -> violations.add("the audit record: " + f));
    }

    private static List<JsonNode> values(Answer answer) {
        List<JsonNode> all = new ArrayList<>();
        Answer.at(answer.body(), "value").ifPresent(v -> v.forEach(all::add));
        return all;
    }

    private Optional<Answer> get(String path, String version) throws InterruptedException {
        return patiently(() -> api.arm("GET", path, version, Optional.empty()));
    }

    /** The answer, empty where there is no such thing; a server that is busy is asked again. */
    private static Optional<Answer> patiently(Supplier<Answer> ask) throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                return Optional.of(ask.get());
            } catch (RefusedException e) {
                if (e.httpStatus() == 404) {
                    return Optional.empty();
                }
                if (i == TRIES || e.httpStatus() < 500) {
                    throw e;
                }
            } catch (CliException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
