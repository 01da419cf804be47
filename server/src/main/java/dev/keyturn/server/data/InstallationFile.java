package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code installation}: which installation a data directory belongs to, and what its database must have
 * reached (docs/data-directory.md). The mark is in the database too, and always raised there first, so the database is
 * never behind the file but where it is not the one that the file speaks of.
 *
 * @param id tells this installation from every other
 * @param key the master key's fingerprint; empty until the first good start of a version that notes it
 * @param mark the database has at least this one
 * @param state whether the database's log must be there
 */
public record InstallationFile(UUID id, Optional<String> key, long mark, State state) {
    public static final String NAME = "installation";
    private static final Pattern TEXT = Pattern.compile(
            "id=([0-9a-f-]{36})\n(?:key=([0-9a-f]{32})\n)?mark=([0-9]{1,18})\nstate=(open|between|closed|shared)\n");

    /** What is known of {@code keyturn.db-wal}. */
    public enum State {
        /** A server has it open, or was killed: the log is there. */
        OPEN,
        /** A server is about to open or to close it: the log may be there or not. */
        BETWEEN,
        /** It was closed in an orderly way: all is in {@code keyturn.db}. */
        CLOSED,
        /** The database is on PostgreSQL, and nothing of it is in the directory. */
        SHARED
    }

    /** @throws DataDirectoryException where there is a file that is not one of these */
    public static Optional<InstallationFile> read(Path directory) throws IOException, DataDirectoryException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new DataDirectoryException(
                    "The file " + file + " is damaged: it should say id, mark and state of this installation. Put it"
                            + " back from your backup; if keyturn.db is surely this installation's newest,"
                            + " remove the file and start again.");
        }
        return Optional.of(new InstallationFile(
                UUID.fromString(m.group(1)),
                Optional.ofNullable(m.group(2)),
                Long.parseLong(m.group(3)),
                State.valueOf(m.group(4).toUpperCase(Locale.ROOT))));
    }

    /** Replaces the file, whole or not at all; durable when this returns. */
    public void write(Path directory) throws IOException {
        String text = "id=" + id + "\n" + key.map(k -> "key=" + k + "\n").orElse("") + "mark=" + mark + "\nstate="
                + state.name().toLowerCase(Locale.ROOT) + "\n";
        PrivateFiles.write(directory.resolve(NAME), text.getBytes(StandardCharsets.US_ASCII));
    }

    public InstallationFile at(long next, State then) {
        return new InstallationFile(id, key, next, then);
    }

    public InstallationFile in(State next) {
        return new InstallationFile(id, key, mark, next);
    }
}
