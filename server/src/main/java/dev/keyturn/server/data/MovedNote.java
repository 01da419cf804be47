package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code moved}: the database of this directory was copied to another place, or is not whole yet because it is
 * being copied to here (docs/migrate.md). While it is there no server opens the directory's database.
 *
 * @param installation which one
 * @param id tells this move from any other, also to a directory of the same path on another machine
 * @param digest of all that is copied, 64 hexadecimal digits; {@link #NO_DIGEST} as long as it is not known
 * @param other the address of the other database, without anything secret
 */
public record MovedNote(String installation, State state, UUID id, String digest, String other, Instant at) {
    public static final String NAME = "moved";
    public static final String NO_DIGEST = "0".repeat(64);
    private static final Pattern TEXT = Pattern.compile("""
            installation=([0-9a-f-]{36})
            state=(left|arriving)
            move=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})
            digest=([0-9a-f]{64})
            other=([^\n]+)
            at=([0-9TZ:.-]+)
            """);

    /** Which way it goes. */
    public enum State {
        LEFT,
        ARRIVING
    }

    /** @throws DataDirectoryException where there is a file that is not one of these */
    public static Optional<MovedNote> read(Path directory) throws IOException, DataDirectoryException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher m = TEXT.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        try {
            if (m.matches()) {
                return Optional.of(new MovedNote(
                        m.group(1),
                        State.valueOf(m.group(2).toUpperCase(Locale.ROOT)),
                        UUID.fromString(m.group(3)),
                        m.group(4),
                        m.group(5),
                        Instant.parse(m.group(6))));
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw new DataDirectoryException("The file " + file + " is damaged: it should say where the database of this"
                + " directory was moved. docs/migrate.md says what it means.");
    }

    /** Replaces the file, whole or not at all; durable when this returns. */
    public void write(Path directory) throws IOException {
        String text = "installation=" + installation + "\nstate="
                + state.name().toLowerCase(Locale.ROOT) + "\nmove=" + id + "\ndigest=" + digest + "\nother=" + other
                + "\nat=" + at
                + "\n";
        PrivateFiles.write(directory.resolve(NAME), text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws DataDirectoryException where the directory's database is not to be used */
    public static void requireNone(Path directory) throws IOException, DataDirectoryException {
        Optional<MovedNote> note = read(directory);
        if (note.isPresent()) {
            throw new DataDirectoryException(note.get().refusal(directory));
        }
    }

    private String refusal(Path directory) {
        return switch (state) {
            case LEFT ->
                "The database of the data directory " + directory + " was moved to " + other + " on " + at
                        + ", and what was written there since is not here. To go on with this copy although the other one"
                        + " may be in use, remove " + directory.resolve(NAME) + "; keys that only the other one knows"
                        + " are lost then.";
            case ARRIVING ->
                "The data directory " + directory + " does not have all of the installation " + installation
                        + " yet, which is being copied to it from " + other + ". Let './keyturn migrate' finish, or run"
                        + " the same command again.";
        };
    }
}
