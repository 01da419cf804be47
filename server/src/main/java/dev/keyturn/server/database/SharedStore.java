package dev.keyturn.server.database;

import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeLease;
import dev.keyturn.core.nodes.NodeRow;
import dev.keyturn.core.operation.LeaseClock;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.NodeFile;
import dev.keyturn.store.PostgresLeaseClock;
import dev.keyturn.store.engine.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database, and this server's row among the nodes on it, which a thread of its own renews from the moment
 * that it is taken until the database is closed: draining may take long. Where the node must not go on, the thread says
 * why in the log and the process ends.
 */
final class SharedStore implements OpenedStore {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Surroundings around;
    private final SharedGuard guard;
    private final PostgresDatabase database;
    private final String name;
    private final String address;
    private final Beside beside;
    private final Duration pause;
    private final UUID instance = UUID.randomUUID();
    private final LeaseClock clock = new PostgresLeaseClock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<Thread> heart = Optional.empty();
    private volatile Optional<NodeLease> lease = Optional.empty();

    private SharedStore(
            DatabaseChoice.Postgresql choice,
            Surroundings around,
            SharedGuard guard,
            PostgresDatabase database,
            Duration pause) {
        this.around = around;
        this.guard = guard;
        this.database = database;
        name = choice.node().text();
        address = choice.nodeAddress().orElse(around.address());
        beside = choice.beside();
        this.pause = pause;
    }

    static SharedStore open(DatabaseChoice.Postgresql choice, Surroundings around)
            throws IOException, DataDirectoryException {
        return open(choice, around, NodeLease.RENEWED);
    }

    /** @param pause between two renewals */
    static SharedStore open(DatabaseChoice.Postgresql choice, Surroundings around, Duration pause)
            throws IOException, DataDirectoryException {
        String told = choice.address().toString();
        SharedGuard guard =
                SharedGuard.before(around.directory(), told, around.stores().settings());
        PostgresDatabase database = PostgresDatabase.open(
                told,
                choice.address().source(choice.password()),
                around.vital(),
                guard::check,
                SimulatedTables.MIGRATIONS);
        return new SharedStore(choice, around, guard, database, pause);
    }

    @Override
    public Transactions transactions() {
        return database;
    }

    @Override
    public Root take(SecureRandom random) throws IOException, MasterKeyFileException, DataDirectoryException {
        Root root = RootKey.open(
                around.directory().resolve("master.key"),
                database,
                around.stores().settings(),
                random,
                KeyAdvice.SHARED);
        NodeLease mine = new NodeLease(
                new NodeLease.Parts(
                        database,
                        around.stores().nodes(),
                        around.stores().settings(),
                        clock,
                        around.clock(),
                        System::nanoTime,
                        beside),
                new NodeRow(name, instance, address, database.schema(), Instant.EPOCH),
                Map.of(
                        InstallationGuard.ID,
                        root.installation().toString(),
                        RootKey.SETTING,
                        RootKey.fingerprint(root.master())));
        String place = NodeFile.place(around.directory(), around.boot());
        mine.claim(NodeFile.before(around.directory(), place));
        lease = Optional.of(mine);
        Thread beating = around.vital().virtual("node row", () -> beat(mine));
        beating.start();
        heart = Optional.of(beating);
        new NodeFile(instance, place).write(around.directory());
        guard.take(database, root);
        return root;
    }

    private void beat(NodeLease mine) {
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                around.vital().round(() -> renew(mine));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void renew(NodeLease mine) {
        Optional<String> end;
        try {
            end = mine.renew();
        } catch (RuntimeException e) { // the database is away, most likely; it is asked again
            LOG.warn("the row of this node is not renewed: {}", e.getMessage());
            return;
        }
        end.ifPresent(SharedStore::end);
    }

    private static void end(String why) {
        LOG.error("this node ends: {}", why);
        throw new NodeEndsException(why);
    }

    @Override
    public NodeBuilder equip(NodeBuilder node) {
        return node.named(name)
                .instance(instance)
                .leaseClock(clock)
                .storeSessions(database::sessions)
                .mayClaim(() -> lease.filter(NodeLease::live).isPresent())
                .others(tx -> lease.map(l -> l.others(tx)).orElse(Set.of()));
    }

    @Override
    public LeaseOwner self() {
        return new LeaseOwner(name, instance);
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Duration oldestCall() {
        return database.load().oldest();
    }

    @Override
    public void onCommit(Consumer<Set<String>> watcher) {
        database.onCommit(watcher);
    }

    @Override
    public void note() {
        try {
            guard.note(database).ifPresent(why -> {
                LOG.error("this node ends: {}", why);
                around.vital().died(new NodeEndsException(why));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> problem() {
        return lease.flatMap(NodeLease::problem);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (heart.isPresent() && !heart.get().join(PATIENCE)) {
                heart.get().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lease.ifPresent(mine -> {
            guard.leave(database);
            giveBack(mine);
        });
        database.close();
    }

    private void giveBack(NodeLease mine) {
        try {
            if (mine.giveBack().missed()) {
                LOG.warn("the row of the node '{}' was another start's at the end", name);
            }
        } catch (RuntimeException e) {
            LOG.warn("the row of the node '{}' stays until it runs out: {}", name, e.getMessage());
        }
    }
}
