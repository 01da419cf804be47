package dev.keyturn.server.database;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.data.MovedNote;
import dev.keyturn.store.engine.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The database in the data directory, which no other process has. */
final class EmbeddedStore implements OpenedStore {
    /** Of the one chain of audit records. */
    private static final String NAME = "server";

    private final Path directory;
    private final Settings settings;
    private final InstallationGuard guard;
    private final SqliteDatabase database;
    private final String address;
    private final LeaseOwner self = new LeaseOwner(NAME, UUID.randomUUID());

    private EmbeddedStore(
            Path directory, Settings settings, InstallationGuard guard, SqliteDatabase database, String address) {
        this.directory = directory;
        this.settings = settings;
        this.guard = guard;
        this.database = database;
        this.address = address;
    }

    static EmbeddedStore open(Surroundings around) throws IOException, DataDirectoryException, MasterKeyFileException {
        MovedNote.requireNone(around.directory());
        Settings settings = around.stores().settings();
        InstallationGuard guard = InstallationGuard.before(around.directory(), settings);
        guard.opening();
        SqliteDatabase database = SqliteDatabase.open(
                around.directory(), around.vital(), guard.found(), guard::check, SimulatedTables.MIGRATIONS);
        return new EmbeddedStore(around.directory(), settings, guard, database, around.address());
    }

    @Override
    public Transactions transactions() {
        return database;
    }

    @Override
    public Root take(SecureRandom random) throws IOException, MasterKeyFileException {
        Root root = RootKey.open(directory.resolve("master.key"), database, settings, random, KeyAdvice.EMBEDDED);
        guard.take(database, root);
        return root;
    }

    @Override
    public NodeBuilder equip(NodeBuilder node) {
        return node.named(self.node()).instance(self.instance());
    }

    @Override
    public LeaseOwner self() {
        return self;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean shared() {
        return false;
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
        guard.note(database);
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public void close() {
        guard.leave(database);
        database.close();
        try {
            guard.closed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
