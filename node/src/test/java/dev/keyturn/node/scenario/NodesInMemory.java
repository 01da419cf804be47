package dev.keyturn.node.scenario;

import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.remote.Answering;
import dev.keyturn.host.remote.HostEndpoint;
import dev.keyturn.host.remote.WireCall;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeWire;
import dev.keyturn.node.TalkativeHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Nodes over the store of one world, with a host each, between which calls go as bytes. */
final class NodesInMemory implements NodeWire {
    final World world;
    final List<String> died = new CopyOnWriteArrayList<>();
    private final Map<LeaseOwner, Node> running = new ConcurrentHashMap<>();
    private final AtomicLong nanos = new AtomicLong();

    NodesInMemory(World world) {
        this.world = world;
    }

    /** Starts a node that serves this host. */
    Node start(String name, VmHost host) {
        LeaseOwner owner = new LeaseOwner(name, UUID.randomUUID());
        Node node = world.builder()
                .named(name)
                .instance(owner.instance())
                .hosts(List.of(host))
                .serving(List.of(host), name + ":8443")
                .wire(this)
                .nanos(nanos::get)
                .vital(new VitalThreads((_, cause) -> died.add(String.valueOf(cause.getMessage()))))
                .open();
        node.prepare();
        running.put(owner, node);
        running.values().forEach(n -> n.nodeHosts().beat());
        return node;
    }

    TalkativeHost host(String name) {
        return new TalkativeHost(new SimulatedHost(
                name,
                Duration.ofSeconds(5),
                world.database.transactions(),
                new SqlSimulatedMachines(),
                world.faults,
                world.stores.vms(),
                world.stores.artifacts()));
    }

    /** An orderly stop. */
    void stop(Node node) {
        kill(node);
        node.close();
        running.values().forEach(n -> n.nodeHosts().beat());
    }

    /** No farewell. */
    void kill(Node node) {
        running.values().remove(node);
    }

    void pass(Duration duration) {
        world.pass(duration);
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public void carry(ServedHost to, WireCall call, byte[] request, Consumer<byte[]> frames)
            throws IOException, InterruptedException {
        HostEndpoint endpoint = Optional.ofNullable(running.get(to.owner()))
                .flatMap(n -> n.nodeHosts().endpoint(to.name()))
                .orElseThrow(() -> new IOException("connection refused"));
        Answering answer = endpoint.begin(call, request.clone());
        for (Optional<byte[]> frame = answer.next(); frame.isPresent(); frame = answer.next()) {
            frames.accept(frame.get());
        }
    }
}
