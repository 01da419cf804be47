package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code node}: which start of a node this directory had last. Who holds the directory's lock knows that the
 * process of that start has ended, so its row need not be waited for. That is so in this very directory and while the
 * machine has not been booted again; a copy of the directory tells nothing.
 *
 * @param instance of that start
 * @param place the run of the machine, and the directory as the file system knows it
 */
public record NodeFile(UUID instance, String place) {
    static final String NAME = "node";
    private static final Pattern TEXT = Pattern.compile("instance=([0-9a-f-]{36})\nplace=([^\n]{1,200})\n");

    /** @param boot tells one run of the machine from the next */
    public static String place(Path directory, String boot) throws IOException {
        return boot + " "
                + Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    }

    /** The instance of the last start at this place; empty where there was none, or the file says nothing. */
    public static Optional<UUID> before(Path directory, String place) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher m = TEXT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        return m.matches() && m.group(2).equals(place) ? Optional.of(UUID.fromString(m.group(1))) : Optional.empty();
    }

    public void write(Path directory) throws IOException {
        PrivateFiles.write(
                directory.resolve(NAME),
                ("instance=" + instance + "\nplace=" + place + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
