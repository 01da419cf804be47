package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server of its own for the demo: {@code keyturn up} in another process, on a free port, on a ground that is gone
 * afterwards. Closing stops it, unless it was told to stay.
 */
final class DemoServer implements AutoCloseable {
    /** Runs a program, under the same process id, in a session of its own. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Process process;
    private final Ground ground;
    private final Thread atExit = new Thread(this::stop);
    private volatile Runnable farewell = () -> {};
    private boolean kept;

    private DemoServer(Process process, Ground ground) {
        this.process = process;
        this.ground = ground;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * @param keep whether it is to go on when the terminal is closed
     * @throws CliException where it did not get ready; says what it said
     */
    static DemoServer start(Ground ground, boolean keep) {
        try {
            // Ctrl-C goes to all of a terminal's session; a server with real machines must live to delete them.
            boolean ownSession = keep || ground.kind() == HostKind.LIBVIRT;
            DemoServer server = new DemoServer(launch(ground, ownSession), ground);
            if (!server.ready()) {
                List<String> said = Files.readAllLines(log(ground), StandardCharsets.UTF_8);
                server.close();
                throw CliException.failed("the demo's server did not start: "
                        + String.join("; ", said.subList(Math.max(0, said.size() - 3), said.size())));
            }
            return server;
        } catch (IOException e) {
            throw CliException.failed("the demo's server did not start: " + e.getMessage(), e);
        }
    }

    private static Process launch(Ground ground, boolean ownSession) throws IOException {
        List<String> line = new ArrayList<>();
        if (ownSession && Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true"));
        Optional.ofNullable(System.getProperty("keyturn.start.cache"))
                .filter(cache -> Files.isReadable(Path.of(cache)))
                .ifPresent(cache -> line.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.keyturn.cli.Main", "up"));
        line.addAll(List.of("--data", ground.data().toString(), "--port", "0"));
        line.addAll(ground.options());
        return new ProcessBuilder(line).redirectError(log(ground).toFile()).start();
    }

    private static Path log(Ground ground) {
        return ground.data().resolve("server.log");
    }

    /** Whether the ready line came; the other end of the pipe closes when the process ends without one. */
    private boolean ready() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return out.readLine() != null;
    }

    Ground ground() {
        return ground;
    }

    long pid() {
        return process.pid();
    }

    /**
     * What is to be done before the server is stopped, also where this command is interrupted.
     *
     * @param farewell throws {@link CliException} where it did not succeed; then the ground is left as it is
     */
    void before(Runnable farewell) {
        this.farewell = farewell;
    }

    /** It stays when this command has ended. */
    void keep() {
        kept = true;
        unhook();
    }

    @Override
    public void close() {
        if (!kept && unhook()) {
            end();
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

    /** As a hook: what goes wrong then has no other way to be told. */
    private void stop() {
        try {
            end();
        } catch (CliException e) {
            e.lines().forEach(l -> System.err.println("keyturn: " + l));
        }
    }

    private void end() {
        boolean clean = false;
        try {
            farewell.run();
            clean = true;
        } finally {
            stopProcess(clean);
        }
    }

    private void stopProcess(boolean clean) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            if (clean) {
                ground.delete();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
