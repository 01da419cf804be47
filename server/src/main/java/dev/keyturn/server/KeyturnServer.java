package dev.keyturn.server;

import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.time.Elapsed;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.libvirt.HostUnusableException;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedTables;
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
import dev.keyturn.server.data.ClientEnv;
import dev.keyturn.server.data.DataDirectory;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.Installation;
import dev.keyturn.server.http.HttpServer;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.identity.outside.ProviderConfig;
import dev.keyturn.server.identity.outside.ProviderSignIn;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.portal.frame.Pulse;
import dev.keyturn.server.tls.ServerCertificates;
import dev.keyturn.store.ShownTables;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.engine.CannotOpenDatabaseException;
import dev.keyturn.store.engine.SqliteDatabase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. {@link #start} returns when it answers; {@link #close} drains it. Thread-safe. */
public final class KeyturnServer implements AutoCloseable {
    private static final Duration TIDY = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(KeyturnServer.class);

    private final ServerConfig config;
    private final VitalThreads vital = VitalThreads.halting();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private Optional<ServerNames> names = Optional.empty();
    private List<VmHost> hosts = List.of();
    private Optional<Api> api = Optional.empty();

    private final Elapsed elapsed;
    private Optional<FirstPerson.Way> firstPerson = Optional.empty();

    private KeyturnServer(ServerConfig config, Elapsed elapsed) {
        this.config = config;
        this.elapsed = elapsed;
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
        return names().port();
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
        Optional<DataDirectory> opened = directory(problems);
        Optional<HttpServer> bound = listener(problems);
        Optional<ProviderConfig> provider = config.provider().read(problems);
        if (opened.isEmpty() || bound.isEmpty() || !problems.isEmpty()) {
            throw new StartupException(problems);
        }
        try {
            run(opened.get(), bound.get(), provider);
        } catch (CannotOpenDatabaseException | MasterKeyFileException | DataDirectoryException e) {
            throw new StartupException(List.of(String.valueOf(e.getMessage())));
        } catch (DomainException e) {
            throw new StartupException(List.of(e.error().info().message()));
        } catch (IOException e) {
            throw new StartupException(
                    List.of("The data directory " + opened.get().path() + " cannot be used: " + e.getMessage()));
        } catch (RuntimeException e) { // a stored value that is none: a damaged row, most likely
            StartupException told = new StartupException(List.of("The server cannot start with the data directory "
                    + opened.get().path() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
            told.initCause(e);
            throw told;
        }
    }

    private void run(DataDirectory directory, HttpServer http, Optional<ProviderConfig> provider)
            throws IOException, MasterKeyFileException, DataDirectoryException, StartupException {
        SecureRandom random = new SecureRandom();
        ServerNames own = new ServerNames(config.domain(), http.port());
        SqlStores stores = SqlStores.create();
        InstallationGuard guard = InstallationGuard.before(directory.path(), stores.settings());
        guard.opening();
        keep(guard::closed);
        SqliteDatabase database = keep(
                SqliteDatabase.open(directory.path(), vital, guard.found(), guard::check, SimulatedTables.MIGRATIONS));
        keep(() -> guard.leave(database));
        MasterKey master = RootKey.open(directory.file("master.key"), database, stores.settings(), random);
        UUID id = guard.take(database, master);
        SeenTime time = SeenTime.open(database, stores.settings(), config.clock(), elapsed);
        ServerCertificates certificates =
                new ServerCertificates(directory.path(), own.domain(), config.clock(), time, random);
        SoftwareKeyBackend backend = keep(new SoftwareKeyBackend(
                master,
                random,
                new Bounds(
                        config.limits().count(Limit.KEY_GENERATIONS_PER_PRINCIPAL),
                        config.limits().count(Limit.KEY_USES_PER_PRINCIPAL),
                        config.limits().count(Limit.READY_KEYS))));
        Faults faults = new Faults(database, new SqlFaultStore());
        HostPool pool = keep(hosts(id, database, stores, faults));
        hosts = pool.hosts();
        Node node = keep(new NodeBuilder(database, stores, master, config.clock(), time)
                .named("server")
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
        installation.requireDomain(own.domain()); // before the CA of another domain is replaced
        HttpServer.Identity identity = certificates.identity();
        Installation.Facts facts = installation.ensure();
        Liveness liveness = new Liveness(
                vital,
                new Liveness.Signs(
                        () -> database.load().oldest(),
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
        database.onCommit(tables -> {
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
                certificates);
        api = Optional.of(surfaces);
        node.tasks().every(TIDY, "sessions that are over", signIn::tidy);
        node.tasks()
                .every(
                        TIDY,
                        "clients whose people are signed out",
                        surfaces.oauth().signIns()::tidy);
        if (facts.administrator().isPresent()) {
            tellClients(installation, facts, facts.administrator().get(), own, certificates, directory);
        }
        node.prepare();
        // before anybody can come from a provider outside: the first person is the emergency door
        firstPerson = node.firstPerson(facts.subscription(), hasher).ensure();
        http.start(surfaces, identity);
        http.watch(vital);
        node.start();
        new Renewals(certificates, surfaces.signingKeys(), http).schedule(node.tasks());
        node.tasks().every(InstallationGuard.OFTEN, "mark of the installation", () -> guard.note(database));
        UnclaimedLog.begin(node.services().unclaimed());
        // closed last to first: requests end before what they use goes away
        parts.remove(http);
        parts.push(http);
        names = Optional.of(own);
    }

    private static void tellClients(
            Installation installation,
            Installation.Facts facts,
            Principal administrator,
            ServerNames own,
            ServerCertificates certificates,
            DataDirectory directory)
            throws IOException {
        ClientEnv file = new ClientEnv(directory.file("client.env"));
        file.write(new ClientEnv.Content(
                own.url(),
                own.domain(),
                facts.subscription().tenant(),
                facts.subscription().id(),
                administrator.appId().toString(),
                installation.secret(administrator, file),
                certificates.caFile(),
                own.vaultSuffix(),
                own.hsmSuffix()));
    }

    private HostPool hosts(UUID id, SqliteDatabase database, SqlStores stores, Faults faults) throws StartupException {
        try {
            return HostPool.open(
                    new HostPool.Wanted(config.hosts(), config.images(), config.requireConfidentialHardware()),
                    id,
                    database,
                    stores,
                    faults);
        } catch (HostUnusableException e) {
            throw new StartupException(e.problems());
        }
    }

    private Optional<DataDirectory> directory(List<String> problems) {
        try {
            return Optional.of(keep(DataDirectory.open(config.data())));
        } catch (DataDirectoryException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<HttpServer> listener(List<String> problems) {
        if (config.port() < 0 || config.port() > 65535) {
            return Optional.empty(); // told already
        }
        try {
            return Optional.of(keep(HttpServer.bind(
                    new InetSocketAddress(config.listen(), config.port()), config.drain(), config.limits())));
        } catch (IOException e) {
            problems.add("Port " + config.port() + " on " + config.listen().getHostAddress() + " cannot be had: "
                    + reason(e) + ". Choose another with --port.");
            return Optional.empty();
        }
    }

    private static String reason(IOException e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }
}
