package dev.keyturn.bench.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code keyturn up} as a process that can be killed, stopped and let go on. It ends with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {
    private static final String READY = "is ready at";
    private static final long START_SECONDS = 90;
    private static final long END_SECONDS = 60;

    private final Process process;
    private final Path log;
    private final CompletableFuture<Optional<String>> ready;

    private ServerProcess(Process process, Path log, CompletableFuture<Optional<String>> ready) {
        this.process = process;
        this.log = log;
        this.ready = ready;
    }

    /**
     * What is around a server.
     *
     * @param before what the command begins with, such as {@code ip netns exec NAME}
     * @param jvm further options of the JVM
     */
    record Around(List<String> before, List<String> jvm, Map<String, String> environment) {
        static final Around NOTHING = new Around(List.of(), List.of(), Map.of());

        Around jvm(String option) {
            List<String> all = new ArrayList<>(jvm);
            all.add(option);
            return new Around(before, all, environment);
        }

        Around before(List<String> command) {
            return new Around(command, jvm, environment);
        }

        Around environment(String name, String value) {
            Map<String, String> all = new HashMap<>(environment);
            all.put(name, value);
            return new Around(before, jvm, all);
        }
    }

    /**
     * Starts it and does not wait.
     *
     * @param log gets what it says on standard error, behind what is there
     */
    static ServerProcess begin(Around around, List<String> options, Path log) throws IOException {
        List<String> line = new ArrayList<>(around.before());
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        line.addAll(around.jvm());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.keyturn.cli.Main", "up"));
        line.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(around.environment());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        CompletableFuture<Optional<String>> ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String said = out.readLine(); said != null; said = out.readLine()) {
                    if (said.contains(READY)) { // the JVM says things too
                        ready.complete(Optional.of(said));
                    }
                }
                ready.complete(Optional.empty());
            } catch (IOException e) {
                ready.complete(Optional.empty());
            }
        });
        return new ServerProcess(process, log, ready);
    }

    /** Whether it came to its ready line; false where it ended before, or took too long. */
    boolean awaitReady() throws InterruptedException {
        try {
            return ready.get(START_SECONDS, TimeUnit.SECONDS).isPresent();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when nothing of it runs any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    }

    /** SIGSTOP or SIGCONT. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " ended with " + status);
        }
    }

    /** SIGTERM; its exit status, empty where it does not end. */
    Optional<Integer> terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor(END_SECONDS, TimeUnit.SECONDS) ? Optional.of(process.exitValue()) : Optional.empty();
    }

    /** The last lines that it said on standard error. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
