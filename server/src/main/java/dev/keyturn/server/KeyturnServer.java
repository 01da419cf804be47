package dev.keyturn.server;

import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.time.Elapsed;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.libvirt.HostUnusableException;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.keys.password.Argon2Passwords;
import dev.keyturn.keys.software.Bounds;
import dev.keyturn.keys.software.SoftwareKeyBackend;
import dev.keyturn.node.BootTime;
import dev.keyturn.node.HostPool;
import dev.keyturn.node.Liveness;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.PeriodicTasks;
import dev.keyturn.server.data.DataDirectory;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.Installation;
import dev.keyturn.server.data.PublicNames;
import dev.keyturn.server.database.OpenedStore;
import dev.keyturn.server.database.Root;
import dev.keyturn.server.http.HttpServer;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.identity.outside.ProviderConfig;
import dev.keyturn.server.identity.outside.ProviderSignIn;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.nodes.NodeCalls;
import dev.keyturn.server.nodes.NodeRoutes;
import dev.keyturn.server.portal.frame.Pulse;
import dev.keyturn.server.tls.ServerCertificates;
import dev.keyturn.store.ShownTables;
import dev.keyturn.store.SqlStores;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. {@link #start} returns when it answers; {@link #close} drains it. Thread-safe. */
public final class KeyturnServer implements AutoCloseable {
    private static final Duration TIDY = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(KeyturnServer.class);

    private final ServerConfig config;
    private final VitalThreads vital = VitalThreads.halting();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Bindings bindings;
    private Optional<ServerNames> names = Optional.empty();
    private Optional<HttpServer> listener = Optional.empty();
    private List<VmHost> hosts = List.of();
    private Optional<Api> api = Optional.empty();
    private final Elapsed elapsed;
    private Optional<FirstPerson.Way> firstPerson = Optional.empty();

    private KeyturnServer(ServerConfig config, Elapsed elapsed) {
        this.config = config;
        this.elapsed = elapsed;
        this.bindings = new Bindings(config);
    }

    /** @throws StartupException with everything that is wrong, where the server cannot start; nothing runs then */
    public static KeyturnServer start(ServerConfig config) throws StartupException {
        return start(config, new BootTime());
    }

    /** With another count of the time that passes, which tests move. */
    static KeyturnServer start(ServerConfig config, Elapsed elapsed) throws StartupException {
        KeyturnServer server = new KeyturnServer(config, elapsed);
        try {
            server.run();
            return server;
        } catch (StartupException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public int port() {
        return listener.orElseThrow(() -> new IllegalStateException("the server did not start"))
                .port();
    }

    /** The address that {@code client.env} tells clients. */
    public String url() {
        return names().url();
    }

    public ServerNames names() {
        return names.orElseThrow(() -> new IllegalStateException("the server did not start"));
    }

    /** What each of the hosts is; one that was not asked yet says the least. */
    public List<HostInfo> hosts() {
        return hosts.stream().map(VmHost::info).toList();
    }

    /** What answers, with the list of its routes. */
    Api api() {
        return api.orElseThrow(() -> new IllegalStateException("the server did not start"));
    }

    /** How the first person signs in; present after the start that made this person, and told nowhere else. */
    public Optional<FirstPerson.Way> firstPerson() {
        return firstPerson;
    }

    public Path clientEnv() {
        return config.data().resolve("client.env");
    }

    /** Answers what is under way, takes nothing new, leaves unfinished operations to the next start, closes. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} does not close", part.getClass().getSimpleName(), e);
            }
        }
    }

    private void run() throws StartupException {
        Thread.ofPlatform().daemon().name("provider-preload").start(SoftwareKeyBackend::preload);
        List<String> problems = new ArrayList<>(config.problems());
        new ImagesDirectory(config.images()).problem().ifPresent(problems::add);
        Optional<DataDirectory> opened = bindings.directory(problems);
        opened.ifPresent(this::keep);
        Optional<HttpServer> bound = bindings.listener(problems);
        bound.ifPresent(this::keep);
        Optional<ProviderConfig> provider = config.provider().read(problems);
        if (opened.isEmpty() || bound.isEmpty() || !problems.isEmpty()) {
            throw new StartupException(problems);
        }
        try {
            run(opened.get(), bound.get(), provider);
        } catch (Exception e) {
            throw StartupException.told(e, opened.get().path());
        }
    }

    private void run(DataDirectory directory, HttpServer http, Optional<ProviderConfig> provider)
            throws IOException, MasterKeyFileException, DataDirectoryException, HostUnusableException {
        SecureRandom random = new SecureRandom();
        SqlStores stores = SqlStores.create();
        OpenedStore store = keep(OpenedStore.open(
                config.database(),
                new OpenedStore.Surroundings(
                        directory.path(),
                        bindings.address(http),
                        elapsed.read().boot(),
                        stores,
                        vital,
                        config.clock())));
        Transactions database = store.transactions();
        Root root = store.take(random);
        MasterKey master = root.master();
        PublicNames settled = PublicNames.settle(
                database,
                stores.settings(),
                new PublicNames.Asked(config.domain(), config.publicPort(), http.port(), store.shared()));
        ServerNames own = new ServerNames(settled.domain(), settled.port());
        SeenTime time = store.shared()
                ? SeenTime.open(
                        database,
                        stores.settings(),
                        config.clock(),
                        elapsed,
                        store.self().node())
                : SeenTime.open(database, stores.settings(), config.clock(), elapsed);
        ServerCertificates certificates = store.shared()
                ? ServerCertificates.shared(
                        directory.path(),
                        own.domain(),
                        config.clock(),
                        time,
                        random,
                        new ServerCertificates.Kept(database, stores.settings(), master))
                : new ServerCertificates(directory.path(), own.domain(), config.clock(), time, random);
        SoftwareKeyBackend backend = keep(new SoftwareKeyBackend(
                master,
                random,
                new Bounds(
                        config.limits().count(Limit.KEY_GENERATIONS_PER_PRINCIPAL),
                        config.limits().count(Limit.KEY_USES_PER_PRINCIPAL),
                        config.limits().count(Limit.READY_KEYS))));
        Faults faults = new Faults(database, new SqlFaultStore());
        HostPool pool = keep(HostPool.open(
                new HostPool.Wanted(config.hosts(), config.images(), config.requireConfidentialHardware()),
                root.installation(),
                database,
                stores,
                faults));
        hosts = pool.hosts();
        LeaseOwner self = store.self();
        Key nodeKey = MacKey.open(database, stores.settings(), master, random, "node-call-key");
        NodeCalls calls =
                keep(new NodeCalls(self, nodeKey, certificates.caFile(), own.domain(), config.clock(), random));
        Node node = keep(store.equip(new NodeBuilder(database, stores, master, config.clock(), time))
                .serving(pool.exclusive(), store.address())
                .wire(calls)
                .vital(vital)
                .backends(KeyBackends.of(backend))
                .hosts(pool.hosts())
                .vaultHosts(new VaultHosts(own.domain(), own.port()))
                .images(new ImagesDirectory(config.images()))
                .random(random)
                .shutdownLimit(config.shutdownLimit())
                .keyLossGrace(config.keyLossGrace())
                .drain(config.drain())
                .outside(provider.map(ProviderConfig::outside).orElse(Outside.NONE))
                .auditKept(Duration.ofDays(config.limits().count(Limit.AUDIT_DAYS)))
                .open());
        Installation installation = new Installation(
                database,
                stores.settings(),
                node.services().principals(),
                node.services().assignments());
        HttpServer.Identity identity = certificates.identity();
        Installation.Facts facts = installation.ensure();
        Liveness liveness = new Liveness(
                vital,
                new Liveness.Signs(
                        store::oldestCall,
                        node.runner()::sinceLastLook,
                        node.runner()::stuck,
                        Liveness.LONGEST_STEP.plus(config.shutdownLimit()),
                        http::silent));
        Argon2Passwords hasher = keep(new Argon2Passwords(random));
        SignIn signIn = node.signIn(hasher);
        node.outsideStart(facts.subscription()).ensure();
        Optional<ProviderSignIn> elsewhere = provider.map(p -> new ProviderSignIn(
                p,
                own.url(),
                MacKey.open(database, stores.settings(), master, random, "outside-state-key"),
                new ProviderSignIn.Times(time::latest, config.clock()),
                random));
        elsewhere.ifPresent(this::keep);
        Pulse pulse = new Pulse();
        store.onCommit(tables -> {
            if (ShownTables.any(tables)) {
                pulse.changed();
            }
        });
        Api surfaces = new Api(
                node,
                new Simulation(pool.simulated(), faults),
                facts.subscription(),
                own,
                master,
                config.limits(),
                random,
                config.clock(),
                liveness,
                signIn,
                elsewhere,
                pulse,
                certificates,
                store::problem,
                new NodeRoutes(self, nodeKey, config.clock(), node.nodeHosts()::endpoint));
        api = Optional.of(surfaces);
        PeriodicTasks tasks = node.tasks();
        tasks.every(TIDY, "sessions that are over", signIn::tidy);
        tasks.every(
                TIDY, "clients whose people are signed out", surfaces.oauth().signIns()::tidy);
        if (facts.administrator().isPresent()) {
            new ClientFile(directory, own, certificates)
                    .tell(
                            installation,
                            facts,
                            facts.administrator().get(),
                            !store.shared() || installation.tells(store.self().node()));
        }
        node.prepare();
        // before anybody can come from a provider outside: the first person is the emergency door
        firstPerson = node.firstPerson(facts.subscription(), hasher).ensure();
        http.start(surfaces, identity);
        http.watch(vital);
        node.start();
        new Renewals(certificates, surfaces.signingKeys(), http).schedule(tasks);
        tasks.every(OpenedStore.OFTEN, "mark of the installation", store::note);
        UnclaimedLog.begin(node.services().unclaimed());
        // closed last to first: requests end before what they use goes away
        parts.remove(http);
        parts.push(http);
        listener = Optional.of(http);
        names = Optional.of(own);
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }
}
