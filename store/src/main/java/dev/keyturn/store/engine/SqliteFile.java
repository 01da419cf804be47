package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database file of a data directory and how it is opened. WAL with {@code synchronous=FULL}: a commit is on the disk
 * when it returns. Transactions begin DEFERRED: with IMMEDIATE the driver would take the write lock again right after
 * each commit.
 */
record SqliteFile(Path path) implements Sessions, SchemaTarget {
    static final String NAME = "keyturn.db";
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(5);
    /** Beside what the database has: a migration may copy a table of any size. */
    private static final long MIGRATION_SPACE = 8L << 20;

    private static final int WRITER_CACHE_KIB = 32 * 1024;
    private static final int READER_CACHE_KIB = 8 * 1024;

    /** The file in the directory, made with mode 0600 where there is none yet; SQLite gives its own files that mode. */
    static SqliteFile in(Path directory) throws IOException, SQLException {
        Path path = directory.resolve(NAME);
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // a database of an earlier start
        }
        SqliteFile file = new SqliteFile(path);
        if (Files.size(path) == 0) {
            file.hold().close(); // makes its first page, past any log
        }
        return file;
    }

    Path directory() throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(path + " has no directory");
        }
        return parent;
    }

    /**
     * A connection that does nothing but be there: whichever connection is closed last folds the log into the file and
     * removes it, and that is to happen at one moment only.
     */
    Connection hold() throws SQLException {
        Connection connection = dataSource(READER_CACHE_KIB).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT count(*) FROM sqlite_schema").close(); // takes its share of the lock
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Fails where another program holds the lock, which readers in WAL mode would not notice. */
    void requireWritable() throws SQLException {
        try (Connection connection = dataSource(READER_CACHE_KIB).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("ROLLBACK");
        }
    }

    @Override
    public Session writer() throws SQLException {
        Connection connection = dataSource(WRITER_CACHE_KIB).getConnection();
        connection.setAutoCommit(false);
        return new Session(connection, SqliteFailures.INSTANCE);
    }

    @Override
    public Session reader() throws SQLException {
        Connection connection = dataSource(READER_CACHE_KIB).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        connection.setAutoCommit(false);
        return new Session(connection, SqliteFailures.INSTANCE);
    }

    @Override
    public DatabaseFailures failures() {
        return SqliteFailures.INSTANCE;
    }

    /** SQLite answers a commit: where that is a failure, the change is there for nobody. */
    @Override
    public Fate fate(Session lost) {
        return Fate.NOT_MADE;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Map<String, String> placeholders() {
        return Schema.SQLITE;
    }

    /** A migration that ends half-way is taken back, but it is told at length; so it does not begin without space. */
    @Override
    public void requireSpace() throws IOException {
        long free = Files.getFileStore(path).getUsableSpace();
        long needed = MIGRATION_SPACE + Files.size(path);
        if (free < needed) {
            throw new CannotOpenDatabaseException("Cannot bring the database " + path + " up to date: no space: "
                    + free / 1024 + " KiB are left on its disk, and " + needed / 1024 + " KiB are needed.");
        }
    }

    @Override
    public DataSource dataSource() {
        return dataSource(WRITER_CACHE_KIB);
    }

    private DataSource dataSource(int cacheKib) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setBusyTimeout(Math.toIntExact(BUSY_LIMIT.toMillis()));
        config.enforceForeignKeys(true);
        config.setCacheSize(-cacheKib);
        config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "67108864");
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0"); // Folding does it
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }
}
