package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The password of a database, which is told to the driver and to nobody else. The driver takes it as a {@code String},
 * so it stays in this process's memory.
 */
public final class PostgresPassword {
    /** The variable of the environment that may have it. */
    public static final String VARIABLE = "KEYTURN_DATABASE_PASSWORD";

    private static final int LONGEST = 1024;

    private final String text;

    private PostgresPassword(String text) {
        this.text = text;
    }

    /**
     * The password in the file, or else the one in the environment; none where neither is given. The file has it in its
     * one line. What is wrong goes into {@code problems}, without the password.
     */
    public static Optional<PostgresPassword> read(
            Optional<Path> file, Map<String, String> environment, List<String> problems) {
        if (file.isEmpty()) {
            return Optional.ofNullable(environment.get(VARIABLE))
                    .filter(t -> !t.isEmpty())
                    .map(PostgresPassword::new);
        }
        try {
            return Optional.of(new PostgresPassword(inFile(file.get())));
        } catch (NoSuchFileException e) {
            problems.add("There is no file " + file.get() + " with the password of the database.");
        } catch (CharacterCodingException e) {
            problems.add("The file " + file.get() + " is not UTF-8: it should have the password of the database.");
        } catch (IOException e) {
            problems.add("The password of the database cannot be had from " + file.get() + ": " + e.getMessage() + ".");
        }
        return Optional.empty();
    }

    private static String inFile(Path file) throws IOException {
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(file);
        for (PosixFilePermission others : List.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE)) {
            if (may.contains(others)) {
                throw new IOException("others may read or write it; see whether somebody did, then: chmod 600 " + file);
            }
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException("it has more than " + LONGEST + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\r?\\n\\z", "");
            if (text.isEmpty() || text.indexOf('\n') >= 0) {
                throw new IOException("it should have one line, the password");
            }
            return text;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    void give(Consumer<String> driver) {
        driver.accept(text);
    }

    @Override
    public String toString() {
        return "a password";
    }
}
