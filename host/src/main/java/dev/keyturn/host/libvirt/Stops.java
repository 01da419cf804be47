package dev.keyturn.host.libvirt;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Ends machines: the power button first, the plug when that did not do. */
final class Stops {
    /** A guest that is still in its firmware does not see the button, so it is pressed again. */
    private static final Duration PRESS_EVERY = Duration.ofSeconds(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Hypervisor hypervisor;

    Stops(Hypervisor hypervisor) {
        this.hypervisor = hypervisor;
    }

    void stop(UUID vm, Duration limit) {
        long begin = System.nanoTime();
        long pressed = begin - PRESS_EVERY.toNanos();
        while (System.nanoTime() - begin < limit.toNanos()) {
            if (hypervisor.find(vm).isEmpty()) {
                return;
            }
            if (System.nanoTime() - pressed >= PRESS_EVERY.toNanos()) {
                hypervisor.askToShutDown(vm);
                pressed = System.nanoTime();
            }
            pause();
        }
        hypervisor.destroy(vm);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolFailedException("the stop was interrupted");
        }
    }
}
