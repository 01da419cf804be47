package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may get at the data directory and the files in it that tell secrets: the user that the server runs as, and nobody
 * else. Permissions that are too wide are narrowed, with a line in the log; what belongs to somebody else, is a link or
 * no file is refused, because whoever made it may change it again.
 *
 * @param user the id of the user that the server runs as; empty where the system does not say
 */
record Ownership(OptionalInt user) {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

    /** Of files that are whoever's: {@code ca.pem} is public, {@code master.key} is refused by its own reader. */
    private static final List<String> PUBLIC = List.of("ca.pem", "server.pem", "master.key");

    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    /** Linux tells in {@code /proc/self/status}: real, effective, saved and file-system id. */
    static Ownership ofThisProcess() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Uid:")) {
                    return new Ownership(OptionalInt.of(Integer.parseInt(line.split("\\s+")[2])));
                }
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            LOG.debug("the system does not say as which user this runs", e);
        }
        return new Ownership(OptionalInt.empty());
    }

    /** What is wrong and cannot be mended, one sentence each; mends the rest. The directory exists. */
    List<String> problems(Path directory, List<String> files) throws IOException {
        List<String> problems = new ArrayList<>();
        if (Files.isSymbolicLink(directory)) {
            problems.add("The data directory " + directory + " is a symbolic link: name the directory "
                    + directory.toRealPath() + " itself.");
            return problems;
        }
        if (!ours(directory)) {
            problems.add("The data directory " + directory + " belongs to another user (" + owner(directory)
                    + ") than the one this server runs as (" + user.getAsInt()
                    + "), who can read and change all of it.");
            return problems;
        }
        narrow(directory);
        for (String name : files) {
            Path file = directory.resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                problems.add("The file " + file + " is " + (Files.isSymbolicLink(file) ? "a symbolic link" : "no file")
                        + ": it must be a file of the data directory's own.");
            } else if (!ours(file)) {
                problems.add("The file " + file + " belongs to another user (" + owner(file)
                        + ") than the one this server runs as (" + user.getAsInt() + ").");
            } else if (!PUBLIC.contains(name)) {
                narrow(file);
            }
        }
        return problems;
    }

    private boolean ours(Path path) throws IOException {
        return user.isEmpty() || owner(path) == user.getAsInt();
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static void narrow(Path path) throws IOException {
        Set<PosixFilePermission> had = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        EnumSet<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
        kept.addAll(had);
        if (kept.removeAll(OTHERS)) {
            Files.setPosixFilePermissions(path, kept);
            LOG.warn(
                    "others could get at {} ({}); they cannot any more ({}): consider whether someone did",
                    path,
                    PosixFilePermissions.toString(had),
                    PosixFilePermissions.toString(kept));
        }
    }
}
