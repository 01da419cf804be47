package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.bench.faults.Asker.OverException;
import dev.keyturn.bench.faults.Journal.Entry;
import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Whoever looks after one set: makes key versions, stops the set's VMs, changes its key (also while VMs run, deeply, back
 * again, and with an artifact that does not let itself be changed), starts VMs again.
 */
final class SetClient implements Runnable {
    private static final Set<String> SETTLED = Set.of("running", "stopped", "deallocated");

    private final Asker asker;
    private final Random random;
    private final String set;
    private final List<String> vms;
    private final boolean rotatesFirst;
    private final Map<String, String> power = new HashMap<>();
    private String active;
    private String before;

    SetClient(Asker asker, Random random, TrialFleet fleet, String set, boolean rotatesFirst) {
        this.asker = asker;
        this.random = random;
        this.set = set;
        this.vms = TrialFleet.vmsOf(set);
        this.rotatesFirst = rotatesFirst;
        this.active = fleet.activeKey(TrialFleet.set(set));
        this.before = active;
        vms.forEach(vm -> power.put(vm, "deallocated"));
    }

    @Override
    public void run() {
        try {
            if (rotatesFirst) {
                stopAll();
                rotate(newKey(), true);
            }
            while (true) {
                step();
            }
        } catch (OverException e) {
            // the round is over
        }
    }

    private void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 7 -> {
                stopAll();
                rotate(newKey(), random.nextInt(3) == 0);
            }
            case 3 -> rotate(newKey(), false); // as it is: refused where one of them runs
            case 4 -> {
                stopAll();
                rotate(before, false);
            }
            case 5 -> {
                stopAll();
                rotateWithOneRefused(newKey());
            }
            case 6 -> verify();
            default -> power(vms.get(random.nextInt(vms.size())));
        }
    }

    /** Another version of the set's key: made, or rotated; the one there is where neither was answered. */
    private String newKey() {
        boolean rotates = random.nextBoolean();
        Entry entry = asker.begin(Journal.NO_TARGET, "present", "a new version of " + set, true);
        Optional<Answer> made = asker.write(
                entry,
                api -> rotates
                        ? api.keys("POST", TrialFleet.keyHost(api, set), "/keys/" + set + "/rotate", Bodies.json("{}"))
                        : TrialFleet.makeKey(api, set));
        return made.map(a -> {
                    String url = a.text("key.kid");
                    asker.has(url);
                    return url;
                })
                .orElse(active);
    }

    private void rotate(String key, boolean deep) {
        String path = TrialFleet.set(set);
        String end = asker.toEnd(
                path,
                key,
                (deep ? "deep rotation of " : "rotation of ") + set,
                true,
                api -> api.arm("PATCH", path, Bodies.SETS, Bodies.rotation(key).map(b -> b.put("deep", deep))));
        if (end.equals("Succeeded")) {
            before = active;
            active = key;
        }
    }

    private void rotateWithOneRefused(String key) {
        String vm = vms.get(random.nextInt(vms.size()));
        fault("PUT", "refused-" + set, Optional.of("{\"kind\":\"updateRefused\",\"vm\":\"" + vm + "\"}"));
        rotate(key, false);
        fault("DELETE", "refused-" + set, Optional.empty());
        rotate(key, false); // the same again finishes the job
    }

    private void fault(String method, String id, Optional<String> body) {
        try {
            asker.api().own(method, "/keyturn/simulatedHost/faults/" + id, body.flatMap(Bodies::json));
        } catch (CliException e) {
            // not set, or not taken away: neither is a write that anybody relies on
        }
    }

    private void verify() {
        asker.toEnd(
                Journal.NO_TARGET,
                "done",
                "verification of " + set,
                false,
                api -> api.arm("POST", TrialFleet.set(set) + "/verify", Bodies.SETS, Optional.empty()));
    }

    private void stopAll() {
        for (String vm : vms) {
            if (now(vm).equals("running")) {
                act(vm, random.nextBoolean() ? "deallocate" : "powerOff");
            }
        }
    }

    private void power(String vm) {
        switch (now(vm)) {
            case "running" -> act(vm, random.nextBoolean() ? "deallocate" : "powerOff");
            case "stopped" -> act(vm, random.nextBoolean() ? "deallocate" : "start");
            case "deallocated" -> act(vm, "start");
            default -> {} // in the midst of something
        }
    }

    /** To stop what is deallocated changes nothing, so what a VM is must be known before. */
    private String now(String vm) {
        return power.compute(
                vm, (_, last) -> last == null || !SETTLED.contains(last) ? asker.power(TrialFleet.vm(vm)) : last);
    }

    private void act(String vm, String action) {
        String path = TrialFleet.vm(vm);
        String effect = effectOf(action);
        String end = asker.toEnd(
                path,
                effect,
                action + " of " + vm,
                false,
                api -> api.arm("POST", path + "/" + action, Bodies.VMS, Optional.empty()));
        power.put(vm, end.equals("Succeeded") ? effect : asker.power(path));
    }

    static String effectOf(String action) {
        return switch (action) {
            case "start" -> "running";
            case "powerOff" -> "stopped";
            case "deallocate" -> "deallocated";
            default -> throw new IllegalArgumentException(action);
        };
    }
}
