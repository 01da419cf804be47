package dev.keyturn.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a server with a libvirt host works in, a directory of its own, and the options it is started with. Its VMs are
 * made from an image without an operating system: what is looked at is whether they run.
 */
final class LibvirtServer implements AutoCloseable {
    static final String SYSTEM = "qemu:///system";
    private static final int IMAGE_BYTES = 12 << 20;

    private final Path directory;
    private final String uri;

    LibvirtServer(String uri) {
        assumeTrue(user("root"), "only root can run VMs on a libvirt of the system's");
        assumeTrue(ask(uri, "version").status() == 0, "no libvirt answers at " + uri);
        this.uri = uri;
        try {
            directory = Files.createTempDirectory("keyturn-bad");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            Files.createDirectories(storage());
            Path image = images().resolve("Canonical/cvm/22_04-lts-cvm/1.0.raw");
            Files.createDirectories(image.getParent());
            byte[] noise = new byte[IMAGE_BYTES];
            new Random(1).nextBytes(noise);
            Files.write(image, noise);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean user(String name) {
        return System.getProperty("user.name").equals(name);
    }

    Path directory() {
        return directory;
    }

    Path storage() {
        return directory.resolve("storage");
    }

    private Path images() {
        return directory.resolve("images");
    }

    ServerProcess start() {
        return ServerProcess.start(directory.resolve("data"), options());
    }

    String[] options() {
        return new String[] {
            "--host",
            "libvirt:uri=" + uri + ",storage=" + storage() + ",accelerator=emulation,vcpus=1,memory=512",
            "--images",
            images().toString(),
            "--shutdown-limit",
            "1"
        };
    }

    record Ended(int status, String said) {}

    Ended virsh(String... words) {
        return ask(uri, words);
    }

    static Ended ask(String uri, String... words) {
        List<String> command = new ArrayList<>(List.of("virsh", "-c", uri));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    static Ended run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (IOException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void until(Duration limit, Eventually.Condition reached) {
        Eventually.holds("not reached", limit, reached);
    }

    /** The files below the storage directory that are images, whole or not. */
    List<Path> imageFiles() {
        try (Stream<Path> all = Files.walk(storage())) {
            return all.filter(f -> f.toString().contains(".luks")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
