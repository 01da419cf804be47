package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that a killed server left behind on its way to another file: the second name of a new {@code master.key}, and
 * what was to replace a file. Removed by whoever holds the directory's lock.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Pattern NAME = Pattern.compile("master\\.key\\.[0-9a-f-]{36}\\.new|\\.[a-z][a-z.-]*\\.new");

    private Leftovers() {}

    static void remove(Path directory) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.new")) {
            for (Path file : all) {
                if (NAME.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(file);
                    LOG.info("removed {}, left behind by a server that was killed", file);
                }
            }
        }
        Path key = directory.resolve("master.key");
        if (Files.exists(key, LinkOption.NOFOLLOW_LINKS)
                && (Integer) Files.getAttribute(key, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
            LOG.warn("{} has a second name (hard link) somewhere: whoever can open that one has the key", key);
        }
    }
}
