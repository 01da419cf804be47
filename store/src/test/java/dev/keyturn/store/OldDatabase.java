package dev.keyturn.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;

/** The database that the last program before PostgreSQL made, with its master key; its text says how it was made. */
public final class OldDatabase {
    private static final String TEXT = "/db/before-postgresql/keyturn.sql";
    private static final String KEY = "-- master.key: ";

    private OldDatabase() {}

    /** Makes {@code keyturn.db} and {@code master.key} in the directory, which is empty. */
    public static void in(Path directory) throws IOException, SQLException {
        String text = text();
        Path key = directory.resolve("master.key");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        int at = text.indexOf(KEY) + KEY.length();
        Files.write(key, HexFormat.of().parseHex(text, at, text.indexOf('\n', at)));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("keyturn.db"));
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : text.split("\n;\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            connection.commit();
        }
    }

    private static String text() throws IOException {
        try (InputStream in = OldDatabase.class.getResourceAsStream(TEXT)) {
            if (in == null) {
                throw new IOException("there is no " + TEXT);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
