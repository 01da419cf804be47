package dev.keyturn.core.time;

import java.time.Duration;

/** A clock that nobody sets: how long this machine has been up. Thread-safe. */
public interface Elapsed {
    Reading read();

    /**
     * One reading.
     *
     * @param boot tells one run of the machine from the next; readings of different runs cannot be compared
     * @param up since the run began
     */
    record Reading(String boot, Duration up) {}
}
