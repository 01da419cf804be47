package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.bench.faults.Asker.OverException;
import java.util.Optional;
import java.util.Random;

/** Many small writes, which share commits; sets that come and go; groups that are deleted with what is in them. */
final class WriteClient implements Runnable {
    private final Asker asker;
    private final Random random;
    private final TrialFleet fleet;
    private final String prefix;
    private boolean otherGone;
    private int number;

    WriteClient(Asker asker, Random random, TrialFleet fleet, String prefix) {
        this.asker = asker;
        this.random = random;
        this.fleet = fleet;
        this.prefix = prefix;
    }

    @Override
    public void run() {
        try {
            while (true) {
                step();
            }
        } catch (OverException e) {
            // the round is over
        }
    }

    private void step() {
        switch (random.nextInt(25)) {
            case 0, 1 -> setThatGoes();
            case 2 -> groupThatGoes();
            case 3 -> {
                if (prefix.equals("w") && !otherGone) {
                    otherGone = true;
                    delete(TrialFleet.OTHER);
                }
            }
            default -> group(Journal.SMALL_WRITES + prefix + number++);
        }
    }

    private void group(String path) {
        asker.toEnd(path, "present", "PUT " + path, true, api -> api.arm("PUT", path, Bodies.GROUPS, Bodies.group()));
    }

    private void setThatGoes() {
        String path = TrialFleet.set(prefix + "-set" + number++);
        String key = fleet.activeKey(TrialFleet.set("set-a"));
        asker.toEnd(path, key, "PUT " + path, false, api -> api.arm("PUT", path, Bodies.SETS, Bodies.set(key)));
        if (random.nextBoolean()) {
            asker.toEnd(
                    path,
                    Journal.ABSENT,
                    "DELETE " + path,
                    false,
                    api -> api.arm("DELETE", path, Bodies.SETS, Optional.empty()));
        }
    }

    private void groupThatGoes() {
        String path = "/resourceGroups/tmp-" + prefix + number++;
        group(path);
        String inside = path + "/providers/Microsoft.Compute/diskEncryptionSets/inner";
        String key = fleet.activeKey(TrialFleet.set("set-a"));
        asker.toEnd(
                path, "present", "PUT " + inside, false, api -> api.arm("PUT", inside, Bodies.SETS, Bodies.set(key)));
        delete(path);
    }

    private void delete(String path) {
        asker.toEnd(
                path,
                Journal.ABSENT,
                "DELETE " + path,
                false,
                api -> api.arm("DELETE", path, Bodies.GROUPS, Optional.empty()));
    }
}
