package dev.keyturn.host.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.host.Names;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A libvirt host on the machine's own libvirt, or another, with a storage directory that leaves nothing behind. */
final class LibvirtRig implements AutoCloseable {
    /** Refusals name artifacts by number. */
    static final Names NO_NAMES = new Numbers();

    static final URI SYSTEM = URI.create("qemu:///system");

    final Path directory;
    final LibvirtSettings settings;
    final TestDatabase database;
    LibvirtHost host;

    LibvirtRig() {
        this(SYSTEM, _ -> {});
    }

    /** {@code prepare} is given the storage directory, which is there and empty, before the host is opened. */
    LibvirtRig(URI uri, Consumer<Path> prepare) {
        assumeTrue(answers(uri), "no libvirt answers at " + uri + " (as root: virtlogd -d; libvirtd -d)");
        try {
            directory = Files.createTempDirectory("keyturn-libvirt");
            Files.setPosixFilePermissions(directory, Storage.PASSABLE);
            Files.createDirectory(directory.resolve("images"));
            prepare.accept(Files.createDirectory(directory.resolve("storage")));
            database = TestDatabase.in(Files.createDirectory(directory.resolve("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings = settings(uri, directory, UUID.randomUUID());
        host = open(settings);
    }

    static LibvirtSettings settings(Path directory, UUID installation) {
        return settings(SYSTEM, directory, installation);
    }

    static LibvirtSettings settings(URI uri, Path directory, UUID installation) {
        return new LibvirtSettings(
                "test",
                uri,
                directory.resolve("storage"),
                new ImagesDirectory(directory.resolve("images")),
                installation,
                LibvirtSettings.Accelerator.EMULATION,
                LibvirtSettings.MemoryEncryption.WHERE_OFFERED,
                Optional.of(1),
                Optional.of(512),
                Optional.empty(),
                TestGuest.TRUSTING_VARIABLES,
                Duration.ofSeconds(10));
    }

    LibvirtHost open(LibvirtSettings with) {
        try {
            return LibvirtHost.open(with, database.transactions(), NO_NAMES);
        } catch (HostUnusableException e) {
            throw new IllegalStateException(e);
        }
    }

    Path images() {
        return directory.resolve("images");
    }

    Path tpms() {
        return Path.of("/var/lib/libvirt/swtpm");
    }

    Storage storage() {
        return new Storage(settings.storage(), tpms());
    }

    private static boolean answers(URI uri) {
        try {
            return virsh(uri, "version").well();
        } catch (ToolFailedException e) {
            return false;
        }
    }

    /** On the machine's own libvirt. */
    static Tool.Answer virsh(String... words) {
        return virsh(SYSTEM, words);
    }

    static Tool.Answer virsh(URI uri, String... words) {
        List<String> command = new ArrayList<>(List.of("virsh", "-c", uri.toString()));
        command.addAll(List.of(words));
        return Tool.run(Duration.ofSeconds(60), Optional.empty(), _ -> {}, command);
    }

    /** The usages of this rig's secrets that libvirt has now. */
    List<String> secrets() {
        return virsh(settings.uri(), "secret-list")
                .said()
                .lines()
                .filter(l -> l.contains(settings.installation().toString()))
                .toList();
    }

    /** Turns over a bit of the volume key's digest (LUKS1 header, bytes 112 to 131). */
    void damage(ArtifactImage image) {
        try (RandomAccessFile file =
                new RandomAccessFile(storage().files(image).getFirst().toFile(), "rw")) {
            file.seek(112);
            int old = file.read();
            file.seek(112);
            file.write(old ^ 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Path machines = settings.storage().resolve("vms");
        try (var vms = Files.isDirectory(machines) ? Files.list(machines) : Stream.<Path>of()) {
            for (Path vm : vms.toList()) {
                virsh(settings.uri(), "destroy", vm.getFileName().toString());
                Storage.deleteTree(tpms().resolve(vm.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            host.close();
            database.close();
            Storage.deleteTree(directory);
        }
    }

    private record Numbers() implements Names {
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
