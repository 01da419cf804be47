package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.HostFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFilesTest {
    private static final UUID VM = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID BARE = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID DISK = UUID.fromString("00000000-0000-4000-8000-00000000000c");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void listing_tellsWholeHalfMadeAndOddFilesApart_andKeepsOffOtherVmsStates() throws IOException {
        Path root = directory.resolve("storage");
        Path tpms = directory.resolve("swtpm");
        Storage storage = new Storage(root, tpms);
        storage.prepare();
        storage.define(VM);
        storage.define(BARE);
        Files.write(storage.disk(DISK), new byte[7]);
        Files.write(root.resolve("disks/" + DISK + ".luks.part"), new byte[3]);
        Files.write(root.resolve("disks/old-copy.luks"), new byte[1]);
        Files.write(storage.variables(VM), new byte[5]);
        Files.write(storage.console(VM), new byte[1]);
        Files.write(root.resolve("vms/" + VM + "/console.log.0"), new byte[1]);
        Files.createDirectories(storage.tpm(VM));
        Files.createDirectories(tpms.resolve(VM + "/part"));
        Files.createDirectories(tpms.resolve(UUID.randomUUID() + "/tpm2"));
        Files.createSymbolicLink(root.resolve("vms/lost+found"), directory);

        Map<String, HostFile> found = StoredFiles.in(storage).stream()
                .collect(Collectors.toMap(
                        f -> directory.relativize(Path.of(f.path())).toString(), f -> f));

        assertThat(found.keySet())
                .containsExactlyInAnyOrder(
                        "storage/disks/" + DISK + ".luks",
                        "storage/disks/" + DISK + ".luks.part",
                        "storage/disks/old-copy.luks",
                        "storage/vms/" + VM + "/vars.luks",
                        "storage/vms/" + BARE,
                        "storage/vms/lost+found",
                        "swtpm/" + VM + "/tpm2",
                        "swtpm/" + VM + "/part");
        is(found, "storage/disks/" + DISK + ".luks", HostFile.Kind.DISK, Optional.of(DISK), 7);
        is(found, "storage/disks/" + DISK + ".luks.part", HostFile.Kind.UNFINISHED, Optional.of(DISK), 3);
        is(found, "storage/disks/old-copy.luks", HostFile.Kind.UNKNOWN, Optional.empty(), 1);
        is(found, "storage/vms/" + VM + "/vars.luks", HostFile.Kind.GUEST_STATE, Optional.of(VM), 5);
        is(found, "swtpm/" + VM + "/part", HostFile.Kind.UNFINISHED, Optional.of(VM), 0);
        is(found, "storage/vms/" + BARE, HostFile.Kind.GUEST_STATE, Optional.of(BARE), 0);
    }

    private static void is(
            Map<String, HostFile> found, String path, HostFile.Kind kind, Optional<UUID> owner, long bytes) {
        assertThat(found.get(path)).isNotNull().satisfies(f -> {
            assertThat(f.kind()).isEqualTo(kind);
            assertThat(f.owner()).isEqualTo(owner);
            assertThat(f.bytes()).isEqualTo(bytes);
        });
    }
}
