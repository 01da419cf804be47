package dev.keyturn.core.host;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The hosts that VMs run on: this node's own, and those of other nodes. Thread-safe; asks no host and no store. */
public final class Hosts {
    private final List<VmHost> own;
    private final Elsewhere elsewhere;

    /** What is known of other nodes' hosts at this moment. */
    @FunctionalInterface
    public interface Elsewhere {
        Elsewhere NOTHING = List::of;

        List<Other> now();
    }

    /**
     * A host of another node, which passes calls on.
     *
     * @param away why nothing is known of it now, where its node does not run: each call says so at once
     */
    public record Other(VmHost host, Optional<ErrorInfo> away) {}

    /** With no other node. */
    public Hosts(List<VmHost> own) {
        this(own, Elsewhere.NOTHING);
    }

    public Hosts(List<VmHost> own, Elsewhere elsewhere) {
        this.own = List.copyOf(own);
        this.elsewhere = elsewhere;
        if (this.own.isEmpty()) {
            throw new IllegalArgumentException("a server needs at least one host");
        }
    }

    /** Those that this node serves: it alone looks after them. */
    public List<VmHost> own() {
        return own;
    }

    /** This node's own first, then those of others, whether they run or not. */
    public List<VmHost> all() {
        return Stream.concat(own.stream(), others().stream().map(Other::host)).toList();
    }

    /** The host of that name; {@code Unavailable} where no node serves one. */
    public VmHost named(String name) {
        return own(name)
                .or(() -> other(name).map(Other::host))
                .orElseThrow(() -> new DomainError.Unavailable(ErrorInfo.of(
                                "HostNotConfigured", "This server is not configured with the host '" + name + "'."))
                        .asException());
    }

    /** Why nothing is known of that host's VMs now, where that is known without asking it: nobody serves it. */
    public Optional<ErrorInfo> away(String name) {
        if (own(name).isPresent()) {
            return Optional.empty();
        }
        Optional<Other> other = other(name);
        return other.isPresent()
                ? other.get().away()
                : Optional.of(ErrorInfo.at(
                        name, "HostNotConfigured", "No server is configured with the host '" + name + "'."));
    }

    /** Where the next VM or disk is put: the host with the fewest VMs, the first of several, of a node that runs. */
    public VmHost place(ToLongFunction<String> vms) {
        List<VmHost> running = Stream.concat(
                        own.stream(),
                        others().stream().filter(o -> o.away().isEmpty()).map(Other::host))
                .toList();
        return running.size() == 1
                ? running.getFirst()
                : running.stream()
                        .min(Comparator.comparingLong(
                                h -> vms.applyAsLong(h.info().name())))
                        .orElseThrow();
    }

    private Optional<VmHost> own(String name) {
        return own.stream().filter(h -> h.info().name().equals(name)).findFirst();
    }

    private Optional<Other> other(String name) {
        return others().stream()
                .filter(o -> o.host().info().name().equals(name))
                .findFirst();
    }

    /** What this node serves itself is its own, whatever is written down. */
    private List<Other> others() {
        return elsewhere.now().stream()
                .filter(o -> own(o.host().info().name()).isEmpty())
                .toList();
    }
}
