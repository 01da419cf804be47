package dev.keyturn.host.libvirt;

import com.sun.jna.Native;
import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.core.vital.VitalThreads;
import org.libvirt.Connect;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Libvirt's event loop: one for the process, never ended. Without it no host's events come and no connection notices
 * that its libvirt is gone, so its death ends the process.
 */
final class EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final FaultLog FAULTS = new FaultLog(LOG);
    /** In a row. */
    static final int MOST_FAILED = 100;
    /** Else libvirt writes every error to standard error by itself; held here because libvirt holds it too. */
    private static final Libvirt.VirErrorCallback SILENT = (_, _) -> {};

    private static boolean running;

    private EventLoop() {}

    static synchronized void ensureRunning() {
        if (running) {
            return;
        }
        VitalThreads vital = VitalThreads.halting();
        try {
            Native.setCallbackExceptionHandler((_, e) -> heard(vital, e));
            Connect.setErrorCallback(SILENT);
            Library.initEventLoop();
        } catch (LibvirtException e) {
            throw new IllegalStateException("libvirt's event loop cannot be made", e);
        }
        thread(vital, Library::processEvent).start();
        running = true;
    }

    /** One turn of libvirt's loop: waits for events, and hands them to their listeners. */
    @FunctionalInterface
    interface Turn {
        void process() throws LibvirtException;
    }

    /** The loop's thread, not started. */
    static Thread thread(VitalThreads vital, Turn turn) {
        return vital.platform("libvirt-events", () -> forEver(turn));
    }

    /** What a listener did not catch. Native code called it, so it cannot be thrown on. */
    static void heard(VitalThreads vital, Throwable fault) {
        if (VitalThreads.endsProcess(fault)) {
            vital.died(fault);
        } else {
            LOG.debug("an event came for a connection that is closed", fault);
        }
    }

    /** A loop whose every turn fails waits for nothing and hears nothing: then it ends in the last fault. */
    private static void forEver(Turn turn) {
        int failed = 0;
        while (true) {
            try {
                turn.process();
                failed = 0;
            } catch (LibvirtException e) {
                failed++;
                if (failed == MOST_FAILED) {
                    throw new IllegalStateException("libvirt's event loop fails at every turn", e);
                }
                FAULTS.tell("libvirt-events", "a turn of libvirt's event loop failed:", e);
            }
        }
    }
}
