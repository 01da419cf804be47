package dev.keyturn.host.libvirt;

import com.sun.jna.Native;
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
    /** Else libvirt writes every error to standard error by itself; held here because libvirt holds it too. */
    private static final Libvirt.VirErrorCallback SILENT = (_, _) -> {};

    private static boolean running;

    private EventLoop() {}

    static synchronized void ensureRunning() {
        if (running) {
            return;
        }
        try {
            Native.setCallbackExceptionHandler((_, e) -> LOG.debug("an event came for a connection that is closed", e));
            Connect.setErrorCallback(SILENT);
            Library.initEventLoop();
        } catch (LibvirtException e) {
            throw new IllegalStateException("libvirt's event loop cannot be made", e);
        }
        VitalThreads.halting()
                .platform("libvirt-events", () -> forEver(Library::processEvent))
                .start();
        running = true;
    }

    /** One turn of libvirt's loop: waits for events, and hands them to their listeners. */
    @FunctionalInterface
    interface Turn {
        void process() throws LibvirtException;
    }

    static void forEver(Turn turn) {
        while (true) {
            try {
                turn.process();
            } catch (LibvirtException e) {
                LOG.warn("libvirt's event loop met a fault", e);
            }
        }
    }
}
