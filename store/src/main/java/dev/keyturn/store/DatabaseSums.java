package dev.keyturn.store;

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
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * A checksum for each page of a database file that nobody has open, made at an orderly stop and compared at the next
 * start: so every byte that changed in between is found, also inside of a value, where SQLite's own check is blind. For
 * accidents, not against somebody who can write both files. Immutable.
 */
public final class DatabaseSums {
    private static final int PAGE = 4096;
    private static final int MAGIC = 0x4b54_5331; // KTS1
    private final int[] sums;

    private DatabaseSums(int[] sums) {
        this.sums = sums;
    }

    /** Of the database in the directory; empty where changes are still in its log. */
    public static Optional<DatabaseSums> of(Path directory) throws IOException {
        return DatabaseFiles.hasLog(directory)
                ? Optional.empty()
                : Optional.of(new DatabaseSums(read(directory.resolve(SqliteFile.NAME))));
    }

    /** What {@link #bytes} wrote with that mark; empty where it is anything else, or damaged. */
    public static Optional<DatabaseSums> parse(byte[] bytes, long mark) {
        if (bytes.length < 20 || bytes.length % 4 != 0) {
            return Optional.empty();
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != MAGIC
                || in.getLong() != mark
                || in.getInt() != (bytes.length - 20) / 4
                || in.getInt(bytes.length - 4) != (int) crc.getValue()) {
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
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return out.putInt((int) crc.getValue()).array();
    }

    /** In words what differs in {@code now}; empty where nothing does. */
    public Optional<String> difference(DatabaseSums now, Path directory) {
        if (now.sums.length != sums.length) {
            return Optional.of(SqliteFile.NAME + " has " + now.sums.length + " pages of " + PAGE + " bytes, not "
                    + sums.length + " as when the server stopped");
        }
        List<Integer> differ = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] != now.sums[i]) {
                differ.add(i + 1);
            }
        }
        if (differ.isEmpty()) {
            return Optional.empty();
        }
        String pages = differ.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "));
        return Optional.of(differ.size() + (differ.size() == 1 ? " page" : " pages") + " of " + SqliteFile.NAME
                + " changed since the server stopped (" + pages + (differ.size() > 10 ? ", ..." : "")
                + owners(directory, pages) + ")");
    }

    private static int[] read(Path file) throws IOException {
        int pages = Math.toIntExact((Files.size(file) + PAGE - 1) / PAGE);
        int[] sums = new int[pages];
        byte[] page = new byte[PAGE];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            CRC32C crc = new CRC32C();
            for (int i = 0; i < pages; i++) {
                int length = in.readNBytes(page, 0, PAGE);
                crc.reset();
                crc.update(page, 0, length);
                sums[i] = (int) crc.getValue();
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
