package dev.keyturn.server.http;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Rates;
import dev.keyturn.server.limits.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;

/**
 * The connections that are open: who is one too many, or comes too often, is hung up on before the first byte is read,
 * and who keeps the server waiting past his time is closed by {@link #sweep}. While a request is handled its connection
 * has no deadline. Thread-safe.
 */
final class Connections implements SelectorManager.AcceptListener {
    private static final long NONE = Long.MAX_VALUE;

    /** One connection; {@code deadline} is in nanoseconds since {@link #begun}. */
    static final class Visit {
        private final String address;
        private volatile long deadline;
        private volatile boolean known;

        private Visit(String address, long deadline) {
            this.address = address;
            this.deadline = deadline;
        }

        String address() {
            return address;
        }
    }

    private final Gates gates;
    private final long begun;
    private final Tally tally;
    private final Rates opened;
    private final Map<SelectableChannel, Visit> open = new ConcurrentHashMap<>();

    Connections(Gates gates) {
        this.gates = gates;
        this.begun = gates.nanos.getAsLong();
        this.tally =
                new Tally(gates.limits.count(Limit.CONNECTIONS), gates.limits.count(Limit.CONNECTIONS_PER_ADDRESS));
        this.opened = new Rates(
                gates.limits.count(Limit.CONNECTIONS_PER_ADDRESS),
                gates.limits.count(Limit.NEW_CONNECTIONS_PER_ADDRESS),
                gates.nanos);
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        String address = channel instanceof SocketChannel socket ? address(socket) : "";
        if (opened.count(address).isEmpty() && tally.enter(address) == Tally.Entry.IN) {
            open.put(
                    channel,
                    new Visit(
                            address, in(gates.limits.seconds(Limit.HEAD_SECONDS).toNanos())));
        } else {
            IO.close(channel); // Jetty finds it closed and forgets it
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        leave(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        leave(channel);
    }

    /** The connection that a request came by. */
    Visit of(EndPoint end) {
        Object below = end.getTransport();
        while (below instanceof EndPoint wrapped) { // TLS stands on the end of the network
            below = wrapped.getTransport();
        }
        return Optional.ofNullable(below)
                .filter(SelectableChannel.class::isInstance)
                .map(open::get)
                .orElseGet(() -> new Visit("", NONE)); // closed meanwhile
    }

    void handling(Visit visit) {
        visit.deadline = NONE;
    }

    /** The answer of so many bytes is on its way. */
    void answering(Visit visit, long bytes) {
        visit.deadline = in(gates.allowed(bytes));
    }

    /** The answer has left. Who was once known may be silent longer. */
    void waiting(Visit visit, boolean known) {
        visit.known |= known;
        long head = gates.limits.seconds(Limit.HEAD_SECONDS).toNanos();
        visit.deadline =
                in(visit.known ? head + gates.limits.seconds(Limit.IDLE_SECONDS).toNanos() : head);
    }

    /** Closes what is past its deadline. */
    void sweep(Collection<EndPoint> ends) {
        long now = gates.nanos.getAsLong() - begun;
        for (EndPoint end : ends) {
            Visit visit = of(end);
            if (visit.deadline != NONE && now >= visit.deadline) {
                end.close(new IOException("the client let the server wait too long"));
            }
        }
    }

    int count() {
        return tally.all();
    }

    private long in(long nanos) {
        return gates.nanos.getAsLong() - begun + nanos;
    }

    private void leave(SelectableChannel channel) {
        Visit visit = open.remove(channel);
        if (visit != null) {
            tally.leave(visit.address());
        }
    }

    private static String address(SocketChannel channel) {
        try {
            return text(channel.getRemoteAddress());
        } catch (IOException e) {
            return ""; // gone again
        }
    }

    /** An IPv6 address is cut to the network that one customer has. */
    static String text(SocketAddress from) {
        if (!(from instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return "";
        }
        InetAddress address = inet.getAddress();
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        try {
            byte[] network = Arrays.copyOf(Arrays.copyOf(bytes, 8), 16);
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (IOException e) {
            return address.getHostAddress();
        }
    }
}
