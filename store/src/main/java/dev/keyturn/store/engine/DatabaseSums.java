package dev.keyturn.store.engine;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * A checksum for each page of a database file that nobody has open, compared at the next start with what a server left
 * ({@link PageSums}): so every byte that changed in between is found, also inside of a value, where SQLite's own check is
 * blind. For accidents, not against somebody who can write both files. Immutable.
 */
public final class DatabaseSums {
    static final int PAGE = 4096;
    /** Of a page of zeros. */
    static final int ZEROS = sum(new byte[PAGE], 0, PAGE);

    private static final int MAGIC = 0x4b54_5331; // KTS1
    private final int[] sums;

    DatabaseSums(int[] sums) {
        this.sums = sums;
    }

    /** Not to be changed. */
    int[] sums() {
        return sums;
    }

    static int sum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Of the database in the directory; empty where changes are still in its log. */
    public static Optional<DatabaseSums> of(Path directory) throws IOException {
        return DatabaseFiles.hasLog(directory) ? Optional.empty() : Optional.of(ofFile(directory));
    }

    /** Of the file alone, which nobody of this process may have open: closing it would drop SQLite's locks. */
    static DatabaseSums ofFile(Path directory) throws IOException {
        return new DatabaseSums(read(directory.resolve(SqliteFile.NAME)));
    }

    /** What {@link #bytes} wrote with that mark; empty where it is anything else, or damaged. */
    public static Optional<DatabaseSums> parse(byte[] bytes, long mark) {
        if (bytes.length < 20 || bytes.length % 4 != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != MAGIC
                || in.getLong() != mark
                || in.getInt() != (bytes.length - 20) / 4
                || in.getInt(bytes.length - 4) != sum(bytes, 0, bytes.length - 4)) {
            return Optional.empty();
        }
        int[] sums = new int[(bytes.length - 20) / 4];
        in.asIntBuffer().get(sums);
        return Optional.of(new DatabaseSums(sums));
    }

    public byte[] bytes(long mark) {
        ByteBuffer out = ByteBuffer.allocate(20 + 4 * sums.length);
        out.putInt(MAGIC).putLong(mark).putInt(sums.length);
        for (int sum : sums) {
            out.putInt(sum);
        }
        return out.putInt(sum(out.array(), 0, out.position())).array();
    }

    /** In words what differs in {@code now}; empty where nothing does. */
    public Optional<String> difference(DatabaseSums now, Path directory) {
        return difference(now, directory, Set.of(), "the server stopped");
    }

    /** Without the pages that are in the log: what the file has of them counts for nothing. */
    Optional<String> difference(DatabaseSums now, Path directory, Set<Integer> logged, String since) {
        if (IntStream.rangeClosed(now.sums.length + 1, sums.length).anyMatch(page -> !logged.contains(page))) {
            return Optional.of(SqliteFile.NAME + " has " + now.sums.length + " pages of " + PAGE + " bytes, not "
                    + sums.length + " as when " + since);
        }
        List<Integer> differ = IntStream.rangeClosed(1, now.sums.length)
                .filter(page -> now.sums[page - 1] != (page > sums.length ? ZEROS : sums[page - 1]))
                .filter(page -> !logged.contains(page))
                .boxed()
                .toList();
        if (differ.isEmpty()) {
            return Optional.empty();
        }
        String pages = differ.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "));
        return Optional.of(differ.size() + (differ.size() == 1 ? " page" : " pages") + " of " + SqliteFile.NAME
                + " changed since " + since + " (" + pages + (differ.size() > 10 ? ", ..." : "")
                + owners(directory, pages) + ")");
    }

    private static int[] read(Path file) throws IOException {
        int pages = Math.toIntExact((Files.size(file) + PAGE - 1) / PAGE);
        int[] sums = new int[pages];
        byte[] page = new byte[PAGE];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            for (int i = 0; i < pages; i++) {
                sums[i] = sum(page, 0, in.readNBytes(page, 0, PAGE));
            }
        }
        return sums;
    }

    /** Which tables and indexes the pages belong to, as far as a damaged file still says. */
    private static String owners(Path directory, String pages) {
        try (Connection connection = DatabaseFiles.readOnly(directory);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT name FROM dbstat WHERE pageno IN (" + pages + ") ORDER BY name")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names.isEmpty() ? "" : "; of " + String.join(", ", names);
        } catch (SQLException e) {
            return "";
        }
    }
}
