package dev.keyturn.host.libvirt;

import com.sun.jna.Native;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.LifecycleListener;
import org.libvirt.jna.Libvirt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to one libvirt that is made when it is first needed and made again once it broke. To be used from
 * {@link NativeCalls} alone, because every call may block. Thread-safe.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** Seconds between signs of life, and how many may be missing: a host that died is noticed in 15 s. */
    private static final int ALIVE_EVERY = 5;

    private static final int ALIVE_MISSING = 3;
    /**
     * Every connection there was, for good. Libvirt's event loop may call a listener of one that is closed already; were
     * it collected, that would end the process. There is one more for each time that libvirt is restarted.
     */
    private static final Queue<Connect> KEPT = new ConcurrentLinkedQueue<>();

    private final String host;
    private final URI uri;
    private final Runnable connected;
    private final BiConsumer<UUID, DomainEvent> onEvent;
    private final LifecycleListener listener = this::heard;
    private Optional<Connect> open = Optional.empty();
    private boolean closed;

    /** {@code connected} is run after each new connection on the thread that made it, and may use this connection. */
    Connection(String host, URI uri, Runnable connected, BiConsumer<UUID, DomainEvent> onEvent) {
        this.host = host;
        this.uri = uri;
        this.connected = connected;
        this.onEvent = onEvent;
    }

    interface Use<T> {
        T on(Connect connect) throws LibvirtException;
    }

    /**
     * @throws LibvirtRefusedException where libvirt says no
     * @throws dev.keyturn.core.model.DomainException {@code Unavailable} where it cannot be reached, or was lost meanwhile
     */
    <T> T use(Use<T> use) {
        Connect connect = connect();
        try {
            return use.on(connect);
        } catch (LibvirtException e) {
            if (alive(connect)) {
                throw new LibvirtRefusedException(String.valueOf(e.getMessage()), e);
            }
            drop(connect);
            throw unreachable("was lost: " + e.getMessage());
        }
    }

    private Connect connect() {
        Connect fresh;
        synchronized (this) {
            if (closed) {
                throw unreachable("is not used any more");
            }
            if (open.isPresent()) {
                if (alive(open.get())) {
                    return open.get();
                }
                drop(open.get());
            }
            fresh = establish();
            open = Optional.of(fresh);
        }
        connected.run();
        return fresh;
    }

    private Connect establish() {
        EventLoop.ensureRunning();
        try {
            Connect connect = new Connect(uri);
            KEPT.add(connect);
            try {
                connect.addLifecycleListener(listener);
                connect.setKeepAlive(ALIVE_EVERY, ALIVE_MISSING);
                LOG.info("connected to host '{}' at {}", host, uri);
                return connect;
            } catch (LibvirtException e) {
                connect.close();
                throw e;
            }
        } catch (LibvirtException e) {
            throw unreachable("cannot be connected to at " + uri + ": " + e.getMessage());
        }
    }

    private int heard(Domain domain, DomainEvent event) {
        try {
            onEvent.accept(UUID.fromString(domain.getUUIDString()), event);
        } catch (LibvirtException | RuntimeException e) {
            LOG.warn("an event of host '{}' is not understood", host, e);
        }
        return 0;
    }

    private static boolean alive(Connect connect) {
        try {
            return connect.isAlive();
        } catch (LibvirtException e) {
            return false;
        }
    }

    private synchronized void drop(Connect connect) {
        if (open.filter(connect::equals).isPresent()) {
            open = Optional.empty();
            LOG.warn("the connection to host '{}' at {} is lost", host, uri);
            close(connect);
        }
    }

    private void close(Connect connect) {
        try {
            // A connection that still has a listener stays open below.
            connect.removeLifecycleListener(listener);
        } catch (LibvirtException e) {
            LOG.debug("a lost connection does not give its listener back", e);
        }
        try {
            connect.close();
        } catch (LibvirtException e) {
            LOG.debug("a lost connection does not close", e);
        }
    }

    private RuntimeException unreachable(String what) {
        return new DomainError.Unavailable(
                        ErrorInfo.at(host, "HostNotReachable", "The host '" + host + "' " + what + "."))
                .asException();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.ifPresent(this::close);
        open = Optional.empty();
    }

    /** Libvirt's event loop: one for the process, never ended. */
    private static final class EventLoop {
        /** Else libvirt writes every error to standard error by itself; held here because libvirt holds it too. */
        private static final Libvirt.VirErrorCallback SILENT = (_, _) -> {};

        private static boolean running;

        private EventLoop() {}

        static synchronized void ensureRunning() {
            if (running) {
                return;
            }
            try {
                Native.setCallbackExceptionHandler(
                        (_, e) -> LOG.debug("an event came for a connection that is closed", e));
                Connect.setErrorCallback(SILENT);
                Library.initEventLoop();
            } catch (LibvirtException e) {
                throw new IllegalStateException("libvirt's event loop cannot be made", e);
            }
            Thread.ofPlatform().daemon().name("libvirt-events").start(() -> {
                while (true) {
                    try {
                        Library.processEvent();
                    } catch (LibvirtException e) {
                        LOG.warn("libvirt's event loop met a fault", e);
                    }
                }
            });
            running = true;
        }
    }
}
