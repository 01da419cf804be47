package dev.keyturn.bench;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.host.Names;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.libvirt.Firmware;
import dev.keyturn.host.libvirt.LibvirtHost;
import dev.keyturn.host.libvirt.LibvirtSettings;
import dev.keyturn.store.engine.SqliteDatabase;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.Connect;

/**
 * What a CVM on libvirt costs beyond the machine itself: making its images, and a start beside the start of the same
 * machine without any encryption, in turns. For a machine with libvirt, as root. No guest is booted.
 */
public final class LibvirtBench {
    private static final URI SYSTEM = URI.create("qemu:///system");
    /** Always the same, so that libvirt makes its vTPM in the round that warms up and keeps it. */
    private static final UUID BARE = UUID.randomUUID();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static long fences = System.currentTimeMillis();

    private final LibvirtHost host;
    private final Path directory;
    private long ids;

    private LibvirtBench(LibvirtHost host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 7 : Integer.parseInt(arguments[0]);
        // Libvirt's QEMU, which is another user, must be able to pass through.
        Path directory = Files.createTempDirectory("keyturn-bench");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        try (Scratch all = new Scratch(directory);
                SqliteDatabase database = SqliteDatabase.open(Files.createDirectory(directory.resolve("data")));
                LibvirtHost host = LibvirtHost.open(settings(directory), database, new NoNames())) {
            new LibvirtBench(host, all.directory()).run(rounds);
        }
    }

    private static LibvirtSettings settings(Path directory) {
        return new LibvirtSettings(
                "bench",
                SYSTEM,
                directory.resolve("storage"),
                new ImagesDirectory(directory.resolve("images")),
                UUID.randomUUID(),
                LibvirtSettings.Accelerator.EMULATION,
                LibvirtSettings.MemoryEncryption.OFF,
                Optional.of(1),
                Optional.of(256),
                Optional.empty(),
                Firmware.MICROSOFT_KEYS,
                Duration.ofSeconds(20));
    }

    private void run(int rounds) throws Exception {
        List<Double> making = new ArrayList<>();
        List<Double> encrypted = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> proving = new ArrayList<>();
        Connect connect = new Connect(SYSTEM);
        try {
            for (int round = 0; round <= rounds; round++) {
                UUID vm = UUID.randomUUID();
                List<HostArtifact> artifacts = artifacts(vm);
                Stopwatch made = Stopwatch.start();
                host.provision(new Fence(++fences), Optional.of(vm), fresh(artifacts), Progress.UNHEARD);
                double madeIn = made.seconds();
                Stopwatch proven = Stopwatch.start();
                int closed = host.prove(artifacts).size();
                double provenIn = proven.seconds();
                Stopwatch started = Stopwatch.start();
                host.start(new Fence(++fences), new Machine(vm, "bench", Hardware.PLAIN), artifacts);
                double startedIn = started.seconds();
                host.stop(new Fence(++fences), vm, Duration.ZERO);
                double bareIn = bare(connect);
                host.delete(
                        new Fence(++fences),
                        artifacts.stream().map(HostArtifact::image).toList());
                host.forget(new Fence(++fences), vm);
                if (closed > 0) {
                    throw new IllegalStateException("an image that was just made does not open");
                }
                if (round > 0) { // the first one warms up
                    making.add(madeIn);
                    proving.add(provenIn);
                    encrypted.add(startedIn);
                    bare.add(bareIn);
                }
            }
        } finally {
            connect.close();
            new Scratch(Path.of("/var/lib/libvirt/swtpm").resolve(BARE.toString())).close();
        }
        Report report = new Report(System.out);
        report.title("A CVM on libvirt (medians of " + rounds + " rounds, emulation, no guest booted)");
        double start = Report.median(encrypted);
        double limit = Report.median(bare);
        report.line("making a CVM's images, blank (3 LUKS, 1 vTPM)", Report.median(making), "s");
        report.line("proving all of them", Report.median(proving), "s");
        report.line("start of the CVM, until libvirt says it runs", start, "s");
        report.line("start of the same machine without encryption", limit, "s");
        report.line("what encryption and Keyturn add", start - limit, "s");
        report.line("start / bare start", start / limit, "");
    }

    private List<HostArtifact> artifacts(UUID vm) {
        List<HostArtifact> all = new ArrayList<>();
        for (ArtifactKind kind : ArtifactKind.values()) {
            Optional<UUID> disk = kind == ArtifactKind.GUEST_STATE ? Optional.empty() : Optional.of(UUID.randomUUID());
            Optional<Integer> lun = kind == ArtifactKind.DATA_DISK ? Optional.of(0) : Optional.empty();
            byte[] key = new byte[32];
            RANDOM.nextBytes(key);
            all.add(new HostArtifact(
                    new ArtifactImage(new ArtifactId(++ids), kind, Optional.of(vm), disk, lun),
                    SecretBytes.adopt(key)));
        }
        return all;
    }

    private static List<NewImage> fresh(List<HostArtifact> artifacts) {
        return artifacts.stream()
                .map(a -> new NewImage(a, a.image().kind() == ArtifactKind.GUEST_STATE ? 0 : 4, Optional.empty()))
                .toList();
    }

    /** The limit: a machine of the same devices with nothing encrypted, through the same libvirt. */
    private double bare(Connect connect) throws Exception {
        Path variables = directory.resolve("bare-vars.fd");
        Files.write(variables, Files.readAllBytes(Firmware.MICROSOFT_KEYS));
        List<Path> disks = List.of(directory.resolve("bare-os.img"), directory.resolve("bare-data.img"));
        for (Path disk : disks) {
            try (RandomAccessFile sparse = new RandomAccessFile(disk.toFile(), "rw")) {
                sparse.setLength(4L << 30);
            }
        }
        String xml = """
                <domain type='qemu'><name>keyturn-bench-bare</name><uuid>%s</uuid><memory unit='MiB'>256</memory><vcpu>1</vcpu>
                <os><type arch='x86_64' machine='q35'>hvm</type>
                <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
                <nvram>%s</nvram></os><features><acpi/><apic/></features><cpu mode='maximum'/>
                <devices><controller type='scsi' index='0' model='virtio-scsi'/>
                <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
                <target dev='vda' bus='virtio'/></disk>
                <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
                <target dev='sda' bus='scsi'/></disk>
                <serial type='pty'/><tpm model='tpm-crb'><backend type='emulator' version='2.0' persistent_state='yes'/></tpm>
                <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
                <panic model='isa'/><memballoon model='none'/></devices></domain>
                """.formatted(BARE, variables, disks.getFirst(), disks.getLast());
        Stopwatch started = Stopwatch.start();
        var domain = connect.domainCreateXML(xml, 0);
        double seconds = started.seconds();
        domain.destroy();
        domain.free();
        return seconds;
    }

    /** Nothing here is refused, so nobody's name is needed. */
    private record NoNames() implements Names {
        @Override
        public Optional<ConfidentialVm> vm(Tx tx, UUID vmId) {
            return Optional.empty();
        }

        @Override
        public Map<ArtifactId, HeldArtifact> artifacts(Tx tx, Collection<ArtifactId> ids) {
            return Map.of();
        }
    }
}
