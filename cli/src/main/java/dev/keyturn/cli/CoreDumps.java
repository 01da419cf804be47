package dev.keyturn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether this process would leave its memory, with keys in it, in a file when it is ended by a signal. */
final class CoreDumps {
    private static final String LIMIT = "Max core file size";

    private CoreDumps() {}

    /** One line, where the kernel says that it would; nothing on systems that do not say it this way. */
    static Optional<String> warning() {
        return warning(Path.of("/proc/self/limits"));
    }

    static Optional<String> warning(Path limits) {
        try (Stream<String> lines = Files.lines(limits)) {
            return lines.filter(l -> l.startsWith(LIMIT))
                    .map(l -> l.substring(LIMIT.length()).strip())
                    .filter(l -> !l.startsWith("0 "))
                    .findFirst()
                    .map(_ -> "core dumps of this process are possible, and would hold keys: set the core limit to 0"
                            + " (ulimit -c 0, or LimitCORE=0 in its unit)");
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
