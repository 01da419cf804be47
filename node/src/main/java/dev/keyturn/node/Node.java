package dev.keyturn.node;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.access.Holders;
import dev.keyturn.core.access.Scopes;
import dev.keyturn.core.directory.Directory;
import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.directory.Groups;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.installation.AuditTrail;
import dev.keyturn.core.installation.HostFiles;
import dev.keyturn.core.installation.ServerClock;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.ClientSignIns;
import dev.keyturn.core.oauth.CodeSignIn;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.FenceLift;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.OperationRunner;
import dev.keyturn.core.outside.HsmAdministrators;
import dev.keyturn.core.outside.OutsideSignIn;
import dev.keyturn.core.outside.OutsideStart;
import dev.keyturn.core.people.Challenges;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.PasskeyVerifier;
import dev.keyturn.core.people.Passkeys;
import dev.keyturn.core.people.PasswordHasher;
import dev.keyturn.core.people.PersonRows;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.power.PowerWatch;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.store.SqlStores;
import java.security.Key;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Keyturn without HTTP: every service over one database, the runner of its operations, the watch over its hosts, and
 * what it does from time to time. Server, benches and tests open the same class. {@link #prepare}, then {@link #start},
 * then {@link #close}; services can be used as soon as it is open. Thread-safe.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeBuilder parts;
    private final Services services;
    private final OperationRunner runner;
    private final PowerWatch power;
    private final PeriodicTasks tasks;

    Node(NodeBuilder parts, Services services) {
        this.parts = parts;
        this.services = services;
        this.runner = new OperationRunner(
                new OperationRunner.Parts(
                        parts.transactions,
                        parts.stores.operations(),
                        services.operations(),
                        parts.clock,
                        parts.leases(),
                        new LeaseOwner(parts.name, parts.instance),
                        parts.mayClaim,
                        new FenceLift(
                                parts.storeSessions, this::newestFence, parts.transactions, parts.stores.operations()),
                        parts.vital,
                        parts.nanos),
                services.handlers());
        this.power = new PowerWatch(parts.hosts, services.reconciler(), parts.clock, parts.vital);
        this.tasks = new PeriodicTasks(parts.vital);
    }

    public Services services() {
        return services;
    }

    /** The directory, whose rights are asked for at the subscription: a node knows none until somebody asks for one. */
    public Directory directory(Subscription subscription) {
        return new Directory(
                services.principals(),
                parts.stores.roleAssignments(),
                services.access(),
                services.doors(),
                Scope.subscription(subscription.id()));
    }

    /** As {@link #directory}. */
    public People people(Subscription subscription) {
        return new People(
                parts.transactions,
                personRows(),
                parts.stores.roleAssignments(),
                services.access(),
                services.doors(),
                Scope.subscription(subscription.id()),
                parts.stores.outsiders(),
                parts.outside);
    }

    /** As {@link #directory}. */
    public Groups groups(Subscription subscription) {
        return new Groups(
                new Groups.Parts(
                        parts.transactions,
                        parts.stores.personGroups(),
                        parts.stores.people(),
                        parts.stores.roleAssignments(),
                        services.access(),
                        services.doors(),
                        parts.clock,
                        parts.outside,
                        parts.stores.outsiders()),
                Scope.subscription(subscription.id()));
    }

    /** Who there is that can hold roles; it asks for no right. */
    public Holders holders() {
        return new Holders(parts.stores.people(), parts.stores.personGroups(), parts.stores.principals());
    }

    /** What somebody may do somewhere, and why; as {@link #directory}. */
    public AccessReview accessReview(Subscription subscription) {
        return new AccessReview(
                new AccessReview.Parts(
                        parts.transactions,
                        services.doors(),
                        parts.stores.roleAssignments(),
                        parts.stores.personGroups(),
                        holders(),
                        parts.stores.vaults(),
                        services.keys().access()),
                Scope.subscription(subscription.id()));
    }

    /** Where there is something that a role can be assigned at. */
    public Scopes scopes() {
        return new Scopes(
                parts.transactions, parts.stores.resources(), services.keys().vaultKeys());
    }

    private PersonRows personRows() {
        return new PersonRows(parts.stores.people(), parts.stores.passkeys(), parts.time, parts.clock, parts.random);
    }

    /** Makes the person who signs in first. */
    public FirstPerson firstPerson(Subscription subscription, PasswordHasher hasher) {
        return new FirstPerson(
                parts.transactions,
                personRows(),
                services.assignments(),
                hasher,
                parts.random,
                parts.stores.settings(),
                services.doors(),
                Scope.subscription(subscription.id()));
    }

    /** Lets people in whose passwords are hashed so. */
    public SignIn signIn(PasswordHasher hasher) {
        return new SignIn(
                parts.transactions,
                parts.stores.people(),
                parts.stores.passkeys(),
                hasher,
                services.doors(),
                parts.time,
                parts.random,
                parts.outside);
    }

    /** Lets people in whom the provider outside has signed in. There must be one. */
    public OutsideSignIn outsideSignIn(SignIn signIn, Subscription subscription) {
        return new OutsideSignIn(
                new OutsideSignIn.Parts(
                        parts.transactions,
                        personRows(),
                        parts.stores.personGroups(),
                        parts.stores.outsiders(),
                        signIn,
                        services.doors(),
                        parts.time,
                        parts.clock),
                parts.outside,
                Scope.subscription(subscription.id()));
    }

    /** What a start does about who signs people in. */
    public OutsideStart outsideStart(Subscription subscription) {
        return new OutsideStart(
                new OutsideStart.Parts(
                        parts.transactions,
                        parts.stores.people(),
                        parts.stores.personGroups(),
                        parts.stores.settings(),
                        services.doors(),
                        parts.clock,
                        new HsmAdministrators(
                                parts.stores.roleAssignments(),
                                parts.stores.people(),
                                parts.stores.outsiders(),
                                parts.outside)),
                parts.outside,
                Scope.subscription(subscription.id()));
    }

    /** Lets the same people in with passkeys, whose challenges are under this key. */
    public PasskeySignIn passkeySignIn(SignIn signIn, PasskeyVerifier verifier, Key challenges) {
        return new PasskeySignIn(
                parts.transactions,
                parts.stores.people(),
                parts.stores.passkeys(),
                verifier,
                new Challenges(challenges, parts.time, parts.random),
                signIn,
                parts.time);
    }

    /** What people change of their own passkeys; with the same key as {@link #passkeySignIn}. */
    public Passkeys passkeys(PasskeyVerifier verifier, Key challenges) {
        return new Passkeys(
                parts.transactions,
                parts.stores.people(),
                parts.stores.passkeys(),
                verifier,
                new Challenges(challenges, parts.time, parts.random),
                services.doors(),
                parts.time,
                parts.clock,
                parts.outside);
    }

    /** Lets people in to clients, of which so many may wait for a person at once. */
    public OAuth oauth(DeviceSignIn.Bounds bounds) {
        ClientSignIns signIns = new ClientSignIns(
                parts.transactions,
                parts.stores.oauth(),
                parts.stores.people(),
                services.doors(),
                parts.time,
                parts.random,
                parts.stores.outsiders(),
                parts.outside);
        return new OAuth(
                signIns,
                new DeviceSignIn(
                        parts.transactions,
                        parts.stores.oauth(),
                        signIns,
                        services.doors(),
                        parts.time,
                        parts.random,
                        bounds),
                new CodeSignIn(
                        parts.transactions, parts.stores.oauth(), signIns, services.doors(), parts.time, parts.random));
    }

    /** As {@link #directory}. */
    public ServerClock clock(Subscription subscription) {
        return new ServerClock(parts.time, services.doors(), Scope.subscription(subscription.id()));
    }

    /** As {@link #directory}. */
    public HostFiles files(Subscription subscription) {
        return new HostFiles(services.unclaimed(), services.doors(), Scope.subscription(subscription.id()));
    }

    /** As {@link #directory}. */
    public AuditTrail trail(Subscription subscription) {
        return new AuditTrail(services.auditReader(), services.doors(), Scope.subscription(subscription.id()));
    }

    public Transactions transactions() {
        return parts.transactions;
    }

    public SqlStores stores() {
        return parts.stores;
    }

    public SeenTime time() {
        return parts.time;
    }

    public List<VmHost> hosts() {
        return parts.hosts;
    }

    /** Which hosts this node serves for others, and which others serve. */
    public NodeHosts nodeHosts() {
        return parts.nodeHosts();
    }

    /** For tests and health; {@link #start} starts it. */
    public OperationRunner runner() {
        return runner;
    }

    /** What is done from time to time; whoever runs the node may add to it. */
    public PeriodicTasks tasks() {
        return tasks;
    }

    /**
     * Learns what stopped or started while no node looked, and lets no order to a host go out under a number that the
     * host has seen. To be called once, before anybody asks and before {@link #start}.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where another node that runs serves one of its hosts
     */
    public void prepare() {
        parts.nodeHosts().claim();
        services.reconciler().runOnce(parts.clock.instant());
        services.operations().fenceAbove(newestFence());
    }

    /** The highest that its hosts have taken; one that does not answer does not say. */
    private Fence newestFence() {
        Fence newest = Fence.NONE;
        for (VmHost host : parts.hosts) {
            try {
                Fence taken = host.newestFence();
                newest = taken.compareTo(newest) > 0 ? taken : newest;
            } catch (DomainException e) {
                LOG.warn(
                        "host '{}' does not say which numbers it has taken: {}",
                        host.info().name(),
                        e.getMessage());
            }
        }
        return newest;
    }

    /** From now on it takes up operations, those that were left included, and looks after itself. */
    public void start() {
        runner.start();
        power.start();
        new Upkeep(services, parts).schedule(tasks);
        tasks.every(NodeHosts.OFTEN, "sign of life of this node's hosts", parts.nodeHosts()::beat);
    }

    /** Gives unfinished operations back, for another node or the next start to go on with. Waits for what is under way, not for long. */
    @Override
    public void close() {
        tasks.close();
        power.close();
        try {
            runner.drain(parts.drain);
        } catch (InterruptedException e) {
            LOG.warn("interrupted while operations under way end");
            Thread.currentThread().interrupt();
        }
        runner.close();
        signOff();
        leaveHosts();
    }

    /** Others find out by themselves where it fails. */
    private void leaveHosts() {
        try {
            parts.nodeHosts().leave();
        } catch (RuntimeException e) {
            LOG.warn("other nodes are not told that this one stops: {}", e.getMessage());
        }
    }

    /** So that what is cut off of the audit chain while nothing runs shows. The next start does without where it fails. */
    private void signOff() {
        try {
            services.checkpoints().sign();
        } catch (RuntimeException e) {
            LOG.warn("no audit checkpoint at stop: {}", e.getMessage());
        }
    }
}
