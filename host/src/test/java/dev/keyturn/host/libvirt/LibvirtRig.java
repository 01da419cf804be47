package dev.keyturn.host.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.Artifact;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.ImageRef;
import dev.keyturn.host.Names;
import dev.keyturn.store.SqliteDatabase;
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

/** A libvirt host on the machine's own libvirt, with a storage directory of its own that leaves nothing behind. */
final class LibvirtRig implements AutoCloseable {
    static final URI SYSTEM = URI.create("qemu:///system");

    final Path directory;
    final LibvirtSettings settings;
    final SqliteDatabase database;
    LibvirtHost host;

    LibvirtRig() {
        assumeTrue(answers(), "no libvirt answers at " + SYSTEM + " (as root: virtlogd -d; libvirtd -d)");
        try {
            directory = Files.createTempDirectory("keyturn-libvirt");
            Files.setPosixFilePermissions(directory, Storage.PASSABLE);
            Files.createDirectory(directory.resolve("images"));
            database = SqliteDatabase.open(Files.createDirectory(directory.resolve("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings = settings(directory, UUID.randomUUID());
        host = open(settings);
    }

    static LibvirtSettings settings(Path directory, UUID installation) {
        return new LibvirtSettings(
                "test",
                SYSTEM,
                directory.resolve("storage"),
                directory.resolve("images"),
                installation,
                LibvirtSettings.Accelerator.EMULATION,
                LibvirtSettings.MemoryEncryption.WHERE_OFFERED,
                Optional.of(1),
                Optional.of(256),
                Optional.empty(),
                Firmware.MICROSOFT_KEYS,
                Duration.ofSeconds(10));
    }

    LibvirtHost open(LibvirtSettings with) {
        try {
            return LibvirtHost.open(with, database, new Numbers());
        } catch (HostUnusableException e) {
            throw new IllegalStateException(e);
        }
    }

    Path tpms() {
        return Path.of("/var/lib/libvirt/swtpm");
    }

    Storage storage() {
        return new Storage(settings.storage(), tpms());
    }

    static boolean answers() {
        try {
            return Tool.run(Duration.ofSeconds(20), Optional.empty(), "virsh", "-c", SYSTEM.toString(), "version")
                    .well();
        } catch (ToolFailedException e) {
            return false;
        }
    }

    static Tool.Answer virsh(String... words) {
        List<String> command = new ArrayList<>(List.of("virsh", "-c", SYSTEM.toString()));
        command.addAll(List.of(words));
        return Tool.run(Duration.ofSeconds(60), Optional.empty(), _ -> {}, command);
    }

    /** Turns over a bit of the volume key's digest (LUKS1 header, bytes 112 to 131). */
    void damage(ImageRef image) {
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
        try (var vms = Files.list(settings.storage().resolve("vms"))) {
            for (Path vm : vms.toList()) {
                virsh("destroy", vm.getFileName().toString());
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

    /** No names: refusals name artifacts by number. */
    private record Numbers() implements Names {
        @Override
        public Optional<ConfidentialVm> vm(Tx tx, UUID vmId) {
            return Optional.empty();
        }

        @Override
        public Map<ArtifactId, Artifact> artifacts(Tx tx, Collection<ArtifactId> ids) {
            return Map.of();
        }
    }
}
