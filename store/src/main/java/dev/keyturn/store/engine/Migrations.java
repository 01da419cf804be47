package dev.keyturn.store.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The migrations of one module: SQL files {@code V<n>__<what>.sql} in {@code directory} of the class path, all of them
 * listed, by number. All modules share one series of numbers. Immutable.
 */
public record Migrations(String directory, List<String> names) {
    public Migrations {
        names = List.copyOf(names);
    }

    /** The number in a migration's name. */
    static long version(String name) {
        return Long.parseLong(name, 1, name.indexOf("__"), 10);
    }

    /** @throws IllegalStateException where the program does not have it */
    String text(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream("/" + directory + "/" + name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "migration " + name + " of " + directory + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flyway's checksum of a migration: CRC-32 over its lines without their ends. */
    int checksum(String name) {
        CRC32 crc = new CRC32();
        text(name).lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) crc.getValue();
    }
}
