package dev.keyturn.server.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that are kept, as text files: seeds, and what once found something. */
final class Inputs {
    private Inputs() {}

    /** The directory of a target's inputs among the sources, where new findings are put. */
    static Path directory(String target) {
        return Path.of(System.getProperty("basedir", ""), "src/test/resources/fuzz", target);
    }

    static List<Path> of(String target) throws IOException {
        try (Stream<Path> files = Files.list(directory(target))) {
            return files.sorted().toList();
        }
    }
}
