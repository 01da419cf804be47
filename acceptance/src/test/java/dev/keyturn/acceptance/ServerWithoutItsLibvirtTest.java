package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.cli.client.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A libvirt that goes away and comes back, and a server that is killed, with a libvirt that is this test's alone. */
class ServerWithoutItsLibvirtTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String VMS = "2024-07-01";

    private Path directory;
    private String uri;
    private Process logger;
    private Process daemon;
    private LibvirtServer place;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(LibvirtServer.user("root"), "only root can run a libvirt of its own");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/libvirtd")), "libvirt is not installed");
        directory = Files.createTempDirectory("keyturn-own");
        uri = "qemu:///system?socket=" + directory.resolve("run/libvirt-sock");
        logger = run("virtlogd");
        startLibvirt();
        place = new LibvirtServer(uri);
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        if (place != null) {
            place.close();
        }
        if (directory != null) {
            stopLibvirt();
            logger.destroy();
            logger.waitFor();
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void serverStartsWithoutItsLibvirt_saysSo_andEndsWhatWasAskedWhenItIsBack() throws InterruptedException {
        try (ServerProcess first = place.start();
                Ground ground = Ground.on(first, "away")) {
            ground.newSet("set", ground.newKey("k"));
            ground.newVm("web", "set");
            ground.newVm("db", "set");
            ground.act("web", "deallocate");
            first.killHard();
        }
        stopLibvirt();
        try (ServerProcess second = place.start();
                Ground ground = Ground.existing(second, "away")) {
            assertThat(view(ground, "web")).contains("The host 'libvirt' cannot be connected to");
            String key = ground.newKey("k");
            assertThat(catchThrowableOfType(RefusedException.class, () -> ground.rotate("set", key)))
                    .hasMessageContaining(
                            "Host 'libvirt' has VMs 'db', 'web' of the set and cannot say whether they are stopped");
            ground.api().arm("POST", ground.vmPath("web") + "/start", VMS, Optional.empty());
            assertThat(view(ground, "web")).contains("PowerState/unknown", "Last known: starting");

            startLibvirt();
            LibvirtServer.until(SOON, () -> ground.power("web").equals("PowerState/running"));
            LibvirtServer.until(SOON, () -> !view(ground, "db").contains("cannot be connected to"));
            assertThat(ground.power("db")).isEqualTo("PowerState/running");
            assertThat(place.virsh("secret-list").said()).doesNotContain("keyturn");

            ground.act("web", "deallocate");
            ground.act("db", "deallocate");
            ground.rotate("set", key);
            ground.verify("set");
            for (String vm : new String[] {"web", "db"}) {
                ground.api().armToEnd("DELETE", ground.vmPath(vm), VMS, Optional.empty());
            }
        }
        assertThat(place.virsh("list", "--all", "--name").said()).isBlank();
        assertThat(place.virsh("secret-list").said()).doesNotContain("keyturn");
        assertThat(place.imageFiles()).isEmpty();
    }

    private static String view(Ground ground, String vm) {
        return ground.api()
                .arm("GET", ground.vmPath(vm) + "/instanceView", VMS, Optional.empty())
                .body()
                .toString();
    }

    private void startLibvirt() {
        daemon = run("libvirtd");
        LibvirtServer.until(SOON, () -> LibvirtServer.ask(uri, "version").status() == 0);
    }

    private void stopLibvirt() throws InterruptedException {
        daemon.destroy();
        daemon.waitFor();
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
}
