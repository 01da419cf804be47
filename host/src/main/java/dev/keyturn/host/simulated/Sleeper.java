package dev.keyturn.host.simulated;

import java.time.Duration;

/** How a slow host passes its time; tests write the delay down instead. */
@FunctionalInterface
public interface Sleeper {
    void sleep(Duration delay) throws InterruptedException;

    static Sleeper real() {
        return Thread::sleep;
    }
}
