package dev.keyturn.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --data}: where a server keeps everything, and where its {@code client.env} is. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The server's data directory (default: ./keyturn-data).")
    private Optional<Path> data = Optional.empty();

    Path directory() {
        return data.orElse(Path.of("keyturn-data")).toAbsolutePath().normalize();
    }
}
