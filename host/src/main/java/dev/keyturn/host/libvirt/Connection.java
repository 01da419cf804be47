package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.LifecycleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one libvirt, made when it is first needed and made again once it broke. Two calls at once never share one of
 * libvirt's connections: in its client library (seen with 9.0) a call that another thread woke leaves a source behind in
 * the connection's event loop that points into its own stack, and the next call there ends the process. So each call has
 * a connection for itself while it lasts, and one that no call uses brings the events. To be used from {@link
 * NativeCalls} alone, because every call may block. Thread-safe.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** Seconds between signs of life, and how many may be missing: a host that died is noticed in 15 s. */
    private static final int ALIVE_EVERY = 5;

    private static final int ALIVE_MISSING = 3;
    private static final int CALLS_AT_ONCE = 16;
    private static final int KEPT_IDLE = 4;
    /**
     * Every connection that brought events, for good. Libvirt's event loop may call a listener of one that is closed
     * already; were it collected, that would end the process. There is one more for each time that libvirt is restarted.
     */
    private static final Queue<Connect> KEPT = new ConcurrentLinkedQueue<>();

    private final String host;
    private final URI uri;
    private final Runnable connected;
    private final BiConsumer<UUID, DomainEvent> onEvent;
    private final LifecycleListener listener = this::heard;
    private final Semaphore calls = new Semaphore(CALLS_AT_ONCE, true);
    /** Held while the events' connection is made, which takes for ever where libvirt hangs; not needed to close. */
    private final Object connecting = new Object();

    private final Deque<Connect> idle = new ArrayDeque<>();
    private Optional<Connect> events = Optional.empty();
    private boolean closed;

    /** {@code connected} is run whenever libvirt was reached anew, on the thread that did, and may use this. */
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
        listen();
        calls.acquireUninterruptibly();
        try {
            Connect connect = take();
            try {
                return use.on(connect);
            } catch (LibvirtException e) {
                if (alive(connect)) {
                    throw new LibvirtRefusedException(String.valueOf(e.getMessage()), e);
                }
                throw unreachable("was lost: " + e.getMessage());
            } finally {
                giveBack(connect);
            }
        } finally {
            calls.release();
        }
    }

    private Connect take() {
        for (Optional<Connect> next = poll(); next.isPresent(); next = poll()) {
            if (alive(next.get())) {
                return next.get();
            }
            close(next.get());
        }
        return establish();
    }

    private synchronized Optional<Connect> poll() {
        if (closed) {
            throw unreachable("is not used any more");
        }
        return Optional.ofNullable(idle.poll());
    }

    private void giveBack(Connect connect) {
        boolean keep = alive(connect);
        synchronized (this) {
            keep &= !closed && idle.size() < KEPT_IDLE;
            if (keep) {
                idle.push(connect);
            }
        }
        if (!keep) {
            close(connect);
        }
    }

    /** Sees to it that events come, and that what is to be done on reaching libvirt anew is done. */
    private void listen() {
        synchronized (connecting) {
            if (events().isPresent()) {
                return;
            }
            Connect connect = establish();
            try {
                KEPT.add(connect);
                connect.addLifecycleListener(listener);
            } catch (LibvirtException e) {
                close(connect);
                throw unreachable("cannot be listened to at " + uri + ": " + e.getMessage());
            }
            LOG.info("connected to host '{}' at {}", host, uri);
            keep(connect);
        }
        connected.run();
    }

    private synchronized Optional<Connect> events() {
        if (closed) {
            throw unreachable("is not used any more");
        }
        if (events.filter(c -> !alive(c)).isPresent()) {
            LOG.warn("the connection to host '{}' at {} is lost", host, uri);
            events.ifPresent(this::closeEvents);
            events = Optional.empty();
        }
        return events;
    }

    private synchronized void keep(Connect connect) {
        if (closed) {
            closeEvents(connect);
        } else {
            events = Optional.of(connect);
        }
    }

    private Connect establish() {
        EventLoop.ensureRunning();
        try {
            Connect connect = new Connect(uri);
            try {
                connect.setKeepAlive(ALIVE_EVERY, ALIVE_MISSING);
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

    private void closeEvents(Connect connect) {
        try {
            // A connection that still has a listener stays open below.
            connect.removeLifecycleListener(listener);
        } catch (LibvirtException e) {
            LOG.debug("a lost connection does not give its listener back", e);
        }
        close(connect);
    }

    private static void close(Connect connect) {
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
        idle.forEach(Connection::close);
        idle.clear();
        events.ifPresent(this::closeEvents);
        events = Optional.empty();
    }
}
