package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The Linux of guest/README.md in a VM of a rig, and what it says on its console. */
final class TestGuest {
    /** With the keys that the guest is signed with; also good for machines without secure boot. */
    static final Path TRUSTING_VARIABLES = Path.of("/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd");

    private static final String IMAGE = "guest.raw";
    private static final int MISSING_PACKAGES = 2;
    /** Seconds under emulation, on a machine that is doing other things as well. */
    private static final Duration BOOT = Duration.ofMinutes(4);

    private static final Pattern STORE = Pattern.compile("KEYTURN store=(\\w+) how=(\\w+) (?:value|reason)=(\\S+)");

    private final LibvirtRig rig;
    private final Fixture vm;
    private int heard;

    private TestGuest(LibvirtRig rig, Fixture vm) {
        this.rig = rig;
        this.vm = vm;
    }

    /** Provisions the VM with the guest on its OS disk. */
    static TestGuest provision(LibvirtRig rig, Fixture vm) {
        Path image = rig.images().resolve(IMAGE);
        Tool.Answer built = Tool.run(Duration.ofMinutes(2), Optional.empty(), "../guest/build-image", image.toString());
        assumeTrue(built.status() != MISSING_PACKAGES, built::lastLine);
        assertThat(built.well()).as(built.said()).isTrue();
        ImageFile file = new ImageFile(IMAGE, ImageFile.Format.RAW);
        List<NewImage> images = List.of(
                new NewImage(vm.guestState(), 0, Optional.empty()),
                new NewImage(vm.osDisk(), 1, Optional.of(file)),
                new NewImage(vm.dataDisk(), 1, Optional.empty()));
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), images, Progress.UNHEARD);
        return new TestGuest(rig, vm);
    }

    Machine machine() {
        return new Machine(vm.vm(), "guest", new Hardware(Optional.empty(), true));
    }

    /** Starts it and waits until it is ready; what it said of its stores, by their names. */
    Map<String, Store> boot() {
        return boot(vm.all());
    }

    /** As {@link #boot()}, with these artifacts of it. */
    Map<String, Store> boot(List<HostArtifact> artifacts) {
        heard = console().length();
        rig.host.start(Fixture.fence(), machine(), artifacts);
        return stores(await(s -> s.contains("KEYTURN ready")));
    }

    /** What it says now of the data disks that it has. */
    Map<String, Store> disks() {
        heard = console().length();
        type("disks", "KEYTURN disks");
        return stores(await(s -> s.contains("KEYTURN disks")));
    }

    private static Map<String, Store> stores(String said) {
        return STORE.matcher(said).results().collect(Collectors.toMap(m -> m.group(1), TestGuest::store));
    }

    /** What became of a value that the guest keeps in one of its stores. */
    record Store(String how, String value) {}

    private static Store store(MatchResult line) {
        return new Store(line.group(2), line.group(3));
    }

    /** Types a command on the serial console and waits for the answer. The line is held: QEMU hears none that hangs up. */
    void type(String command, String answer) {
        String terminal = LibvirtRig.virsh(
                        rig.settings.uri(), "ttyconsole", vm.vm().toString())
                .said()
                .strip();
        try (OutputStream line = Files.newOutputStream(Path.of(terminal), StandardOpenOption.WRITE)) {
            line.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
            await(s -> s.contains(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it said since it was started, once that is enough. */
    String await(Predicate<String> enough) {
        return Eventually.until(BOOT, () -> console().substring(heard), enough);
    }

    private String console() {
        return new String(console(rig.host, vm.vm()), StandardCharsets.ISO_8859_1);
    }

    private static byte[] console(VmHost host, UUID vm) {
        return host.console(vm, 1 << 20).orElse(new byte[0]);
    }
}
