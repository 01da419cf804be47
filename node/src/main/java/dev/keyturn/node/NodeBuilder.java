package dev.keyturn.node;

import dev.keyturn.core.audit.LiveNodes;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.image.ImageCatalog;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.operation.LeaseClock;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.power.KeyAccessMonitor;
import dev.keyturn.core.rotation.RotateDiskSetHandler;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.SqlStores;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What a {@link Node} is opened from. The node closes nothing of it: whoever opened the database, the backends and the
 * hosts closes them after the node. For one thread; good for one {@link #open}.
 */
public final class NodeBuilder {
    final Transactions transactions;
    final SqlStores stores;
    final PlatformKey root;
    final Clock clock;
    final SeenTime time;
    String name = "node";
    UUID instance = UUID.randomUUID();
    Optional<LeaseClock> leaseClock = Optional.empty();
    BooleanSupplier mayClaim = () -> true;
    LongSupplier nanos = System::nanoTime;
    LongSupplier storeSessions = () -> 0;
    VitalThreads vital = VitalThreads.halting();
    KeyBackends backends = KeyBackends.NONE;
    List<VmHost> hosts = List.of();
    List<VmHost> serving = List.of();
    String address = "";
    NodeWire wire = NodeWire.NONE;
    private Optional<NodeHosts> nodeHosts = Optional.empty();
    VaultHosts vaultHosts = new VaultHosts("keyturn.localhost", 8443);
    ImageCatalog images = ImageCatalog.EMPTY;
    SecureRandom random = new SecureRandom();
    Duration shutdownLimit = Duration.ofSeconds(60);
    Duration keyLossGrace = KeyAccessMonitor.DEFAULT_GRACE;
    Duration drain = Duration.ofSeconds(10);
    Duration auditKept = Duration.ofDays(400);
    Outside outside = Outside.NONE;
    LiveNodes others = LiveNodes.NONE;
    int rewrapBatch = RotateDiskSetHandler.BATCH;
    Optional<CustomerKeys> customerKeys = Optional.empty();
    Optional<ManagedIdentities> identities = Optional.empty();

    /**
     * @param root seals what belongs to the server itself: private keys, and set keys of the platform
     * @param time the time that the server itself has seen pass, over the same database
     */
    public NodeBuilder(Transactions transactions, SqlStores stores, PlatformKey root, Clock clock, SeenTime time) {
        this.transactions = transactions;
        this.stores = stores;
        this.root = root;
        this.clock = clock;
        this.time = time;
    }

    /** Whose leases its operations have, and the name of its audit chain. A node that starts takes up what a node of the same name left. */
    public NodeBuilder named(String value) {
        name = value;
        return this;
    }

    /** Which start of the node of this name it is; a random one by default. No two are ever the same. */
    public NodeBuilder instance(UUID value) {
        instance = value;
        return this;
    }

    /** What leases begin and end by, where other processes use the same store; by default the clock. */
    public NodeBuilder leaseClock(LeaseClock value) {
        leaseClock = Optional.of(value);
        return this;
    }

    LeaseClock leases() {
        return leaseClock.orElse(_ -> clock.instant());
    }

    /** Asked before each claim of operations: while it says no, none is claimed. By default it says yes. */
    public NodeBuilder mayClaim(BooleanSupplier value) {
        mayClaim = value;
        return this;
    }

    /**
     * Counts the connections that write to a database server; each may be to a server that lost the last commits. By
     * default there are none, and nothing is lost.
     */
    public NodeBuilder storeSessions(LongSupplier value) {
        storeSessions = value;
        return this;
    }

    /** What leases are believed in by; {@link System#nanoTime} by default. */
    public NodeBuilder nanos(LongSupplier value) {
        nanos = value;
        return this;
    }

    /** What follows when a thread dies that the node cannot do without; by default the process ends. */
    public NodeBuilder vital(VitalThreads value) {
        vital = value;
        return this;
    }

    /** Where private keys are made and used; by default none can be. */
    public NodeBuilder backends(KeyBackends value) {
        backends = value;
        return this;
    }

    /** Where VMs run, in the order in which new ones are placed. */
    public NodeBuilder hosts(List<? extends VmHost> value) {
        hosts = List.copyOf(value);
        return this;
    }

    /**
     * Which of the hosts no other node may serve: they are written down as this node's, which others reach at the
     * address. By default none is: each node serves its hosts for itself alone.
     */
    public NodeBuilder serving(List<? extends VmHost> own, String reachedAt) {
        serving = List.copyOf(own);
        address = reachedAt;
        return this;
    }

    /** What carries calls to the hosts of other nodes; by default nothing does. */
    public NodeBuilder wire(NodeWire value) {
        wire = value;
        return this;
    }

    NodeHosts nodeHosts() {
        if (nodeHosts.isEmpty()) {
            nodeHosts = Optional.of(new NodeHosts(this));
        }
        return nodeHosts.get();
    }

    /** The names under which vaults are reached. */
    public NodeBuilder vaultHosts(VaultHosts value) {
        vaultHosts = value;
        return this;
    }

    /** The image files that OS disks can be filled from; none by default. */
    public NodeBuilder images(ImageCatalog value) {
        images = value;
        return this;
    }

    public NodeBuilder random(SecureRandom value) {
        random = value;
        return this;
    }

    /** How long a guest has to shut down before the plug is pulled; 60 s by default. */
    public NodeBuilder shutdownLimit(Duration value) {
        shutdownLimit = value;
        return this;
    }

    /** Who signs people in instead of this server; nobody by default. */
    public NodeBuilder outside(Outside value) {
        outside = value;
        return this;
    }

    /** Which other nodes look after their own audit chains; none by default, so that this one looks after all. */
    public NodeBuilder others(LiveNodes value) {
        others = value;
        return this;
    }

    /** How long running VMs outlive their key; zero or more, an hour by default. */
    public NodeBuilder keyLossGrace(Duration value) {
        keyLossGrace = value;
        return this;
    }

    /** How long {@link Node#close} waits for operations under way; 10 s by default. */
    public NodeBuilder drain(Duration value) {
        drain = value;
        return this;
    }

    /** How long records of who did what are kept, at least; 400 days by default. */
    public NodeBuilder auditKept(Duration value) {
        auditKept = value;
        return this;
    }

    /** How many artifacts a rotation re-wraps in one transaction, at least one. */
    public NodeBuilder rewrapBatch(int value) {
        rewrapBatch = value;
        return this;
    }

    /** Keys of another place than this node's vaults. */
    public NodeBuilder customerKeys(CustomerKeys value) {
        customerKeys = Optional.of(value);
        return this;
    }

    /** System-assigned identities of another place than this node's principals. */
    public NodeBuilder identities(ManagedIdentities value) {
        identities = Optional.of(value);
        return this;
    }

    /** Wires the node. Nothing is read or written, and nothing runs, before it is asked to. */
    public Node open() {
        return new Node(this, Services.over(this));
    }
}
