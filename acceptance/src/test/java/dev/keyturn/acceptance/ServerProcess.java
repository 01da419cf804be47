package dev.keyturn.acceptance;

import dev.keyturn.cli.client.ClientEnv;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code keyturn up} as another process. Ends with the test's JVM at the latest. */
public final class ServerProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path data;
    private final Path log;
    private final String readyLine;
    private final BufferedReader out;

    private ServerProcess(Process process, Path data, Path log, String readyLine, BufferedReader out) {
        this.process = process;
        this.data = data;
        this.log = log;
        this.readyLine = readyLine;
        this.out = out;
    }

    /** One server for all tests that leave it as they found it but for resources of their own. */
    static ServerProcess shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final ServerProcess SERVER = start(temporary());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                SERVER.killHard();
                delete(SERVER.data);
            }));
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path temporary() {
        try {
            return Files.createTempDirectory("keyturn acceptance-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #start}, with options of the JVM. */
    static ServerProcess startWith(List<String> jvm, Path data, String... options) {
        return begin(jvm, data, options);
    }

    /** Starts a server, on any free port unless the options name one, and waits until it says that it is ready. */
    public static ServerProcess start(Path data, String... options) {
        return begin(List.of(), data, options);
    }

    private static ServerProcess begin(List<String> jvm, Path data, String... options) {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(options));
        if (!all.contains("--port")) {
            all.addAll(List.of("--port", "0"));
        }
        try {
            Path log = newLog();
            Process process = launch(log, jvm, "up", all);
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("the server ended before it was ready: " + Files.readString(log));
            }
            return new ServerProcess(process, data, log, line, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command that ends by itself printed, and how it ended. */
    record Ended(int status, String out, String err) {}

    static Ended run(String command, String... options) {
        try {
            Path log = newLog();
            Process process = launch(log, List.of(), command, List.of(options));
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("keyturn " + command + " does not end");
            }
            return new Ended(process.exitValue(), out, Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path newLog() throws IOException {
        Path log = Files.createTempFile("keyturn-acceptance-", ".log");
        log.toFile().deleteOnExit();
        return log;
    }

    private static Process launch(Path log, List<String> jvm, String command, List<String> options) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dkeyturn.home="
                        + Path.of(System.getProperty("basedir", ""), "..")
                                .toAbsolutePath()
                                .normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.keyturn.cli.Main",
                command));
        line.addAll(options);
        line.addAll(1, jvm);
        return new ProcessBuilder(line).redirectError(log.toFile()).start();
    }

    public ClientEnv env() {
        return ClientEnv.read(data.resolve("client.env"));
    }

    Path data() {
        return data;
    }

    /** The next line that it prints after {@link #readyLine}; waits for one. */
    public String nextLine() {
        try {
            return Optional.ofNullable(out.readLine())
                    .orElseThrow(() -> new AssertionError("the server ended: " + log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String readyLine() {
        return readyLine;
    }

    public int port() {
        return env().server().getPort();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: nothing of the process runs any more. */
    public void killHard() {
        process.destroyForcibly();
        waitForEnd();
    }

    /** SIGTERM; the exit status, empty where it had ended before. */
    Optional<Integer> terminate() {
        if (!process.isAlive()) {
            return Optional.empty();
        }
        process.destroy();
        return Optional.of(waitForEnd());
    }

    private int waitForEnd() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end: " + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        terminate();
    }
}
