package dev.keyturn.server.database;

import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.store.SqlStores;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A server's database, open. {@link #take} comes first, and nothing is kept before it; closing it is the last that a
 * server does. Thread-safe.
 */
public sealed interface OpenedStore extends AutoCloseable permits EmbeddedStore, SharedStore {
    /** How often {@link #note} is to be called: an older database of a later time than that is found. */
    Duration OFTEN = Duration.ofMinutes(1);

    /**
     * What a database is opened with.
     *
     * @param directory the data directory, of which this process has the lock
     * @param address where this server listens, as {@code HOST:PORT}
     * @param boot tells one run of the machine from the next
     */
    record Surroundings(
            Path directory, String address, String boot, SqlStores stores, VitalThreads vital, Clock clock) {}

    /**
     * Opens the database, which is brought to this program's schema first, where it belongs to the directory.
     *
     * @throws DataDirectoryException where it does not, with one line that says what would
     * @throws dev.keyturn.store.engine.CannotOpenDatabaseException where it cannot be opened
     */
    static OpenedStore open(DatabaseChoice choice, Surroundings around)
            throws IOException, DataDirectoryException, MasterKeyFileException {
        return switch (choice) {
            case DatabaseChoice.Embedded _ -> EmbeddedStore.open(around);
            case DatabaseChoice.Postgresql postgresql -> SharedStore.open(postgresql, around);
        };
    }

    Transactions transactions();

    /**
     * Makes what a first start makes, or proves that this server's master key is the installation's; from then on the
     * database is this server's to work with.
     *
     * @throws MasterKeyFileException where the key is missing, or another
     * @throws dev.keyturn.core.model.DomainException where another node is in the way
     */
    Root take(SecureRandom random) throws IOException, MasterKeyFileException, DataDirectoryException;

    /** Tells a node its name, by what clock it holds things, and which others there are. */
    NodeBuilder equip(NodeBuilder node);

    /** What this server is called, in its chain of audit records too, and which of its starts this is. */
    LeaseOwner self();

    /** Where other nodes reach it, as {@code HOST:PORT}. */
    String address();

    /** Whether servers on other machines may have the same database. */
    boolean shared();

    /** How long the call that has waited longest has waited. */
    Duration oldestCall();

    /** Tells, after each commit of this server, which tables it changed, in lower case; short, and fails never. */
    void onCommit(Consumer<Set<String>> watcher);

    /** Notes how far the database has come. */
    void note();

    /** Why the server is not ready, as far as its place in the database goes; empty where it is. */
    Optional<String> problem();

    @Override
    void close();
}
