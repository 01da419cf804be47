package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server of its own for the demo: {@code keyturn up} in another process, on a free port, with a data directory that is
 * gone afterwards. Closing stops it, unless it was told to stay.
 */
final class DemoServer implements AutoCloseable {
    /** Runs a program, under the same process id, in a session of its own. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Process process;
    private final Path data;
    private final Thread atExit = new Thread(this::stop);
    private boolean kept;

    private DemoServer(Process process, Path data) {
        this.process = process;
        this.data = data;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * @param outlivesTerminal whether it is to go on when the terminal is closed
     * @throws CliException where it did not get ready; says what it said
     */
    static DemoServer start(boolean outlivesTerminal) {
        try {
            Path data = Files.createTempDirectory("keyturn-demo-");
            DemoServer server = new DemoServer(launch(data, outlivesTerminal), data);
            if (!server.ready()) {
                List<String> said = Files.readAllLines(log(data), StandardCharsets.UTF_8);
                server.close();
                throw CliException.failed("the demo's server did not start: "
                        + String.join("; ", said.subList(Math.max(0, said.size() - 3), said.size())));
            }
            return server;
        } catch (IOException e) {
            throw CliException.failed("the demo's server did not start: " + e.getMessage(), e);
        }
    }

    private static Process launch(Path data, boolean outlivesTerminal) throws IOException {
        List<String> line = new ArrayList<>();
        if (outlivesTerminal && Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true"));
        Optional.ofNullable(System.getProperty("keyturn.start.cache"))
                .filter(cache -> Files.isReadable(Path.of(cache)))
                .ifPresent(cache -> line.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.keyturn.cli.Main", "up"));
        line.addAll(List.of("--data", data.toString(), "--port", "0", "--host", "simulated"));
        return new ProcessBuilder(line).redirectError(log(data).toFile()).start();
    }

    private static Path log(Path data) {
        return data.resolve("server.log");
    }

    /** Whether the ready line came; the other end of the pipe closes when the process ends without one. */
    private boolean ready() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return out.readLine() != null;
    }

    Path data() {
        return data;
    }

    Path clientEnv() {
        return data.resolve("client.env");
    }

    long pid() {
        return process.pid();
    }

    /** It stays when this command has ended. */
    void keep() {
        kept = true;
        unhook();
    }

    @Override
    public void close() {
        if (!kept && unhook()) {
            stop();
        }
    }

    /** False where this process is ending already: then the hook itself stops the server. */
    private boolean unhook() {
        try {
            return Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            delete(data);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
