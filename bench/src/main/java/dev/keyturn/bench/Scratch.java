package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is gone afterwards. In {@code target}, not in memory: a commit must reach a real disk. */
record Scratch(Path directory) implements AutoCloseable {
    static Scratch create() throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "bench").toAbsolutePath());
        return new Scratch(Files.createTempDirectory(parent, "data-"));
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
