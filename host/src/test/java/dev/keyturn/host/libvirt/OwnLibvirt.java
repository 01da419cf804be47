package dev.keyturn.host.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A libvirt beside the machine's own one, which a test may stop and kill (build/own-libvirt). */
final class OwnLibvirt implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path directory;
    private final URI uri;
    private final Process logger;
    private Process daemon;

    OwnLibvirt() {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run a libvirt of its own");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/libvirtd")), "libvirt is not installed");
        try {
            directory = Files.createTempDirectory("keyturn-own");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        uri = URI.create("qemu:///system?socket=" + directory.resolve("run/libvirt-sock"));
        logger = run("virtlogd");
        daemon = run("libvirtd");
        awaitAnswer();
    }

    URI uri() {
        return uri;
    }

    void start() {
        daemon = run("libvirtd");
        awaitAnswer();
    }

    void stop() {
        daemon.destroy();
        awaitEnd();
    }

    void kill() {
        daemon.destroyForcibly();
        awaitEnd();
    }

    /** It takes connections no more and answers nothing, as on a host that hangs; or goes on. */
    void freeze(boolean frozen) {
        Tool.run(SOON, Optional.empty(), "kill", frozen ? "-STOP" : "-CONT", Long.toString(daemon.pid()));
    }

    private void awaitEnd() {
        try {
            if (!daemon.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("libvirtd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitAnswer() {
        Eventually.until(SOON, () -> LibvirtRig.virsh(uri, "version"), Tool.Answer::well);
    }

    private Process run(String program) {
        try {
            Process process = new ProcessBuilder("../build/own-libvirt", directory.toString(), program)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(program + ".log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        logger.destroy();
        try {
            logger.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Storage.deleteTree(directory);
    }
}
