package dev.keyturn.node;

import dev.keyturn.core.host.HostDirectory;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.host.remote.HostEndpoint;
import dev.keyturn.host.remote.RemoteHost;
import dev.keyturn.host.remote.WireCall;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The hosts that this node serves for all, and those that others serve, as they were at the last heartbeat. Between two
 * of them a clock that nobody sets says which nodes have not been heard of for too long, so that no call asks the store.
 * Thread-safe.
 */
public final class NodeHosts implements Hosts.Elsewhere {
    /** How often a node says that it lives. */
    static final Duration OFTEN = Duration.ofSeconds(5);

    /** A node that was not heard of for so long does not run. */
    static final Duration LIVE = Duration.ofSeconds(15);

    private final NodeBuilder parts;
    private final HostDirectory directory;
    private final LeaseOwner owner;
    private final List<HostEndpoint> served;
    private volatile Seen seen;

    /** What the directory said at the time {@code at} of the clock of all nodes, which was {@code nanos} of this one's. */
    private record Seen(List<ServedHost> hosts, Instant at, long nanos) {}

    NodeHosts(NodeBuilder parts) {
        this.parts = parts;
        this.directory = parts.stores.hosts();
        this.owner = new LeaseOwner(parts.name, parts.instance);
        this.served = parts.serving.stream()
                .map(host -> new HostEndpoint(host, parts.vital))
                .toList();
        this.seen = new Seen(List.of(), Instant.EPOCH, parts.nanos.getAsLong());
    }

    /** The end that carries out what other nodes ask of this host; empty where this node does not serve it. */
    public Optional<HostEndpoint> endpoint(String host) {
        return served.stream().filter(e -> e.name().equals(host)).findFirst();
    }

    /**
     * Takes this node's hosts, before anything is asked of them.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} naming each host that a node that runs serves, and
     *     that node; none is taken then
     */
    void claim() {
        List<ServedHost> taken = parts.transactions.write(tx -> {
            Instant now = parts.leases().now(tx);
            List<ServedHost> others = parts.hosts.stream()
                    .flatMap(h -> directory.find(tx, h.info().name()).stream())
                    .filter(h -> h.liveUntil().isAfter(now) && !h.owner().node().equals(owner.node()))
                    .toList();
            if (others.isEmpty()) {
                directory.retain(
                        tx,
                        owner.node(),
                        parts.serving.stream().map(h -> h.info().name()).toList());
                parts.serving.forEach(h ->
                        directory.claim(tx, row(h, now), now).require(h.info().name()));
            }
            return others;
        });
        if (!taken.isEmpty()) {
            throw taken(taken);
        }
        beat();
    }

    private static RuntimeException taken(List<ServedHost> hosts) {
        String each = String.join(
                ", ",
                hosts.stream()
                        .map(h ->
                                "host '" + h.name() + "' by node '" + h.owner().node() + "', which runs (until "
                                        + seconds(h.liveUntil()) + ", unless it is heard of again)")
                        .toList());
        return DomainError.notAllowed("Another node serves what this one was started with: " + each
                        + ". Start this node without it, or stop that one first.")
                .asException();
    }

    /** Says that this node lives, and reads who else does. A host of this node's that is another's by now ends the process. */
    public void beat() {
        if (parts.serving.isEmpty()) {
            seen = parts.transactions.read(tx -> seen(tx, parts.leases().now(tx)));
            return;
        }
        Beaten beaten = parts.transactions.write(tx -> {
            Instant now = parts.leases().now(tx);
            List<String> lost = parts.serving.stream()
                    .filter(h -> !renewed(tx, h, now))
                    .map(h -> h.info().name())
                    .toList();
            return new Beaten(lost, seen(tx, now));
        });
        seen = beaten.seen();
        if (!beaten.lost().isEmpty()) {
            parts.vital.died(new IllegalStateException("another node serves " + beaten.lost()
                    + " by now: this one was not heard of for too long, and must not go on beside it"));
        }
    }

    private Seen seen(Tx tx, Instant now) {
        return new Seen(directory.all(tx), now, parts.nanos.getAsLong());
    }

    private record Beaten(List<String> lost, Seen seen) {}

    /** One that nobody has, because the store was taken back to an earlier state, is taken again. */
    private boolean renewed(Tx tx, VmHost host, Instant now) {
        ServedHost row = row(host, now);
        return directory.renew(tx, row).hit()
                || (directory.find(tx, row.name()).isEmpty()
                        && directory.claim(tx, row, now).hit());
    }

    private ServedHost row(VmHost host, Instant now) {
        return new ServedHost(host.info(), host.patience(), owner, parts.address, now.plus(LIVE));
    }

    /** Serves nothing from now on, so that others need not wait until it is missed. */
    void leave() {
        if (!parts.serving.isEmpty()) {
            parts.transactions.run(
                    tx -> directory.leave(tx, owner, parts.leases().now(tx)));
        }
    }

    @Override
    public List<Hosts.Other> now() {
        Seen last = seen;
        return others(last)
                .map(h -> new Hosts.Other(new RemoteHost(h.info(), h.patience(), this::carry), away(last, h)))
                .toList();
    }

    private Stream<ServedHost> others(Seen last) {
        return last.hosts().stream().filter(h -> !h.owner().equals(owner));
    }

    private Optional<ErrorInfo> away(Seen last, ServedHost host) {
        Instant now = last.at().plusNanos(parts.nanos.getAsLong() - last.nanos());
        return host.liveUntil().isAfter(now)
                ? Optional.empty()
                : Optional.of(ErrorInfo.at(
                        host.name(),
                        "HostNotReachable",
                        "The host '" + host.name() + "' is served by node '"
                                + host.owner().node() + "', which is not running since " + seconds(host.liveUntil())
                                + ": what its VMs do is unknown."));
    }

    private void carry(String host, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException {
        Seen last = seen;
        ServedHost to = others(last)
                .filter(h -> h.name().equals(host))
                .findFirst()
                .orElseThrow(() -> new IOException("no node serves it any more"));
        Optional<ErrorInfo> away = away(last, to);
        if (away.isPresent()) {
            throw new DomainError.Unavailable(away.get()).asException();
        }
        parts.wire.carry(to, call, request, frames);
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
