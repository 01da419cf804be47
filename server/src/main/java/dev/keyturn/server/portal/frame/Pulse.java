package dev.keyturn.server.portal.frame;

import java.time.Duration;
import java.util.UUID;

/**
 * That something which pages show may have changed since a moment. It says nothing of what. It is counted from 0 in each
 * process, beside a name that no other process has, so that a moment of before a restart is never taken for one of now.
 * Thread-safe.
 */
public final class Pulse {
    private final String process = UUID.randomUUID().toString().substring(0, 8);
    private long beats;

    /** Something that is shown was changed. Short, and never fails. */
    public synchronized void changed() {
        beats++;
        notifyAll();
    }

    /** The present moment; text without blanks. */
    public synchronized String now() {
        return process + "-" + beats;
    }

    /** Waits until it is another moment than that, for so long at most; the moment that it is then. */
    public synchronized String after(String seen, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (now().equals(seen)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return now();
    }
}
