package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A real guest whose key is taken away, on a server that was killed before; from outside, on this machine's libvirt. */
class RevocationOnLibvirtTest {
    private static final String TRUSTING_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd";
    private static final Duration BOOT = Duration.ofMinutes(5);
    private static final Pattern STORE = Pattern.compile("KEYTURN store=(\\w+) how=(\\w+) value=(\\w+)");

    @Test
    void runningGuest_outlivesItsServer_isShutDownWithoutItsKey_andReadsBackItsDataWithIt() throws Exception {
        assumeTrue(status("virsh", "-c", "qemu:///system", "version") == 0, "no libvirt answers at qemu:///system");
        Path directory = Files.createTempDirectory("keyturn-revocation");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path image = directory.resolve("images/Canonical/cvm/22_04-lts-cvm/1.0.raw");
        Files.createDirectories(image.getParent());
        assertThat(status("../guest/build-image", image.toString())).isZero();
        String[] options = {
            "--host",
            "libvirt:storage=" + directory.resolve("storage")
                    + ",accelerator=emulation,vcpus=1,memory=512,uefi-variables=" + TRUSTING_VARIABLES,
            "--images",
            directory.resolve("images").toString(),
            "--key-loss-grace",
            "0"
        };
        Path data = directory.resolve("data");
        String kid;
        Map<String, String> written;
        try (ServerProcess first = ServerProcess.start(data, options);
                Ground ground = Ground.on(first, "revoked")) {
            kid = ground.newKey("k");
            ground.newSet("set", kid);
            ground.newVm("web", "set");
            until(BOOT, () -> console(data).contains("KEYTURN ready"));
            written = stores(console(data), "written");
            assertThat(written).containsOnlyKeys("file", "tpm", "uefi", "data0");
            first.killHard();
        }
        try (ServerProcess second = ServerProcess.start(data, options);
                Ground ground = Ground.existing(second, "revoked")) {
            try {
                assertThat(ground.power("web")).isEqualTo("PowerState/running");

                enable(ground, kid, false);
                until(Duration.ofMinutes(2), () -> ground.power("web").equals("PowerState/stopped"));
                // It was asked and went by itself; the plug would have left no word.
                assertThat(console(data)).contains("KEYTURN shutdown");
                assertThatThrownBy(() -> ground.act("web", "start"))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(kid);

                enable(ground, kid, true);
                ground.act("web", "start");
                until(
                        BOOT,
                        () -> console(data)
                                        .lines()
                                        .filter("KEYTURN ready"::equals)
                                        .count()
                                == 2);
                assertThat(stores(console(data), "read")).isEqualTo(written);
                ground.verify("set");
            } finally {
                ground.api().armToEnd("DELETE", ground.vmPath("web"), "2024-07-01", Optional.empty());
            }
            assertThat(second.log()).doesNotContain("Exception");
        } finally {
            try (var all = Files.walk(directory)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void enable(Ground ground, String kid, boolean on) {
        String version = kid.substring(kid.lastIndexOf('/'));
        ground.api()
                .keys(
                        "PATCH",
                        ground.vaultHost(),
                        "/keys/k" + version,
                        Ground.body("{\"attributes\":{\"enabled\":" + on + "}}"));
    }

    private static String console(Path data) {
        ServerProcess.Ended ended = ServerProcess.run("console", "web", "--data", data.toString());
        return ended.status() == 0 ? ended.out().replace("\r", "") : "";
    }

    /** The values of the newest boot. */
    private static Map<String, String> stores(String console, String how) {
        Map<String, String> found = new TreeMap<>();
        Matcher line = STORE.matcher(console.substring(console.lastIndexOf("KEYTURN boot=")));
        while (line.find()) {
            assertThat(line.group(2)).as(line.group()).isEqualTo(how);
            found.put(line.group(1), line.group(3));
        }
        return found;
    }

    private static int status(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(_ -> {});
            return process.waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private static void until(Duration limit, Eventually.Condition reached) {
        Eventually.holds("not reached", limit, reached);
    }
}
