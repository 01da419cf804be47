package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The files of an embedded database, looked at without opening it: nothing is made, changed or folded together. */
public final class DatabaseFiles {
    /** All there can be, the database itself first. */
    public static final List<String> NAMES =
            List.of(SqliteFile.NAME, SqliteFile.NAME + "-wal", SqliteFile.NAME + "-shm");

    private DatabaseFiles() {}

    /** Whether there is a database file with anything in it. */
    public static boolean hasDatabase(Path directory) throws IOException {
        return hasContent(directory.resolve(SqliteFile.NAME));
    }

    /** Whether there is a log with changes that the database file may not have yet. */
    public static boolean hasLog(Path directory) throws IOException {
        return hasContent(directory.resolve(SqliteFile.NAME + "-wal"));
    }

    /**
     * What the setting is in the database file alone, without its log: older than what an open database would say, or
     * empty, also where the file cannot be read.
     */
    public static Optional<String> setting(Path directory, String name) {
        try (Connection connection = readOnly(directory)) {
            return new StoredSettings(connection).find(name);
        } catch (SQLException | CannotOpenDatabaseException e) {
            return Optional.empty();
        }
    }

    /** The file as it lies there: SQLite takes no locks, looks for no log and leaves no files behind. */
    static Connection readOnly(Path directory) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlite:file:" + directory.resolve(SqliteFile.NAME) + "?mode=ro&immutable=1");
    }

    private static boolean hasContent(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }
}
