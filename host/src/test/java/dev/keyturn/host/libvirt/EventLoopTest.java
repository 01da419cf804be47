package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.vital.VitalThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.libvirt.LibvirtException;
import org.libvirt.jna.virError;

/** The loop without a libvirt: what becomes of the process when a turn of it fails. */
class EventLoopTest {
    private final List<String> deaths = Collections.synchronizedList(new ArrayList<>());
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));
    private final AtomicInteger turns = new AtomicInteger();

    private void run(EventLoop.Turn turn) throws InterruptedException {
        Thread thread = EventLoop.thread(vital, turn);
        thread.start();
        thread.join();
    }

    @Test
    void turn_thatEndsInAnError_endsTheProcess() throws Exception {
        run(() -> {
            if (turns.incrementAndGet() == 3) {
                throw new UnsatisfiedLinkError("virEventRunDefaultImpl");
            }
        });
        assertThat(deaths).containsExactly("libvirt-events: UnsatisfiedLinkError");
        assertThat(turns).hasValue(3);
    }

    @Test
    void turn_thatEndsInABug_endsTheProcess() throws Exception {
        run(() -> {
            throw new IllegalStateException();
        });
        assertThat(deaths).containsExactly("libvirt-events: IllegalStateException");
    }

    @Test
    void turnThatFails_isFollowedByAnother() throws Exception {
        LibvirtException failure = failure();
        run(() -> {
            if (turns.incrementAndGet() > 10 * EventLoop.MOST_FAILED) {
                throw new OutOfMemoryError();
            }
            if (turns.get() % 2 == 0) {
                throw failure;
            }
        });
        assertThat(deaths).containsExactly("libvirt-events: OutOfMemoryError");
    }

    @Test
    void loop_whoseEveryTurnFails_endsTheProcess() throws Exception {
        LibvirtException failure = failure();
        run(() -> {
            turns.incrementAndGet();
            throw failure;
        });
        assertThat(deaths).containsExactly("libvirt-events: IllegalStateException");
        assertThat(turns).hasValue(EventLoop.MOST_FAILED);
    }

    @Test
    void listenersFault_isNoDeath_butNoMemoryIs() {
        EventLoop.heard(vital, new IllegalStateException("the connection is closed"));
        assertThat(deaths).isEmpty();
        EventLoop.heard(vital, new OutOfMemoryError());
        assertThat(deaths).hasSize(1);
    }

    /** The binding makes them only itself. */
    private static LibvirtException failure() throws ReflectiveOperationException {
        var made = LibvirtException.class.getDeclaredConstructors()[0];
        made.setAccessible(true);
        return (LibvirtException) made.newInstance(new org.libvirt.Error(new virError()));
    }
}
