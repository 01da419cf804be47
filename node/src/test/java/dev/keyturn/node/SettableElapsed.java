package dev.keyturn.node;

import dev.keyturn.core.time.Elapsed;
import java.time.Duration;

/** The count since boot of a machine that a test keeps running, or boots again. */
public final class SettableElapsed implements Elapsed {
    private volatile Reading now = new Reading("boot-1", Duration.ofHours(1));

    public void advance(Duration by) {
        now = new Reading(now.boot(), now.up().plus(by));
    }

    /** The machine went down and is up again. */
    public void boot(String name) {
        now = new Reading(name, Duration.ofSeconds(9));
    }

    @Override
    public Reading read() {
        return now;
    }
}
