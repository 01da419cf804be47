package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import dev.keyturn.host.ImageFiles;
import dev.keyturn.host.images.ImagesDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Image files that somebody changes between the look at them and their use. */
class SwappedImageTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private Path images;
    private Path secret;
    private Storage storage;
    private final HostArtifact os = Fixture.artifact(ArtifactKind.OS_DISK, Optional.of(UUID.randomUUID()));

    @BeforeEach
    void open() throws IOException {
        for (String program : List.of("qemu-img", "cryptsetup")) {
            boolean there = Files.isExecutable(Path.of("/usr/bin", program))
                    || Files.isExecutable(Path.of("/usr/sbin", program));
            assumeTrue(there, "skipped: " + program + " is not installed");
        }
        images = Files.createDirectory(directory.resolve("images"));
        secret = Files.write(directory.resolve("secret"), bytes('s'));
        storage = new Storage(directory.resolve("storage"), directory.resolve("swtpm"));
        storage.prepare();
    }

    private interface Change {
        void run() throws IOException;
    }

    /** Lets {@code change} happen after the check, and before qemu-img reads. */
    private Provisioning changing(Change change) {
        ImagesDirectory real = new ImagesDirectory(images);
        ImageFiles between = file -> {
            ImageFiles.Opened opened = real.open(file);
            try {
                change.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return opened;
        };
        LibvirtSettings plain = LibvirtRig.settings(directory, UUID.randomUUID());
        LibvirtSettings settings = new LibvirtSettings(
                plain.name(),
                plain.uri(),
                plain.storage(),
                between,
                plain.installation(),
                plain.accelerator(),
                plain.memoryEncryption(),
                plain.vcpus(),
                plain.memoryMib(),
                plain.network(),
                plain.uefiVariables(),
                plain.patience());
        return new Provisioning(settings, storage, new VtpmStates(directory, Optional.empty()));
    }

    private void make(Provisioning with, String name, ImageFile.Format format) {
        with.make(List.of(new NewImage(os, 1, Optional.of(new ImageFile(name, format)))), Progress.UNHEARD);
    }

    @Test
    void fileThatIsReplaced_isNotFollowedToAnother_andNothingIsKept() throws IOException {
        Path file = Files.write(images.resolve("os.raw"), bytes('o'));
        Provisioning replacing = changing(() -> {
            Files.delete(file);
            Files.createSymbolicLink(file, secret);
        });

        assertThatThrownBy(() -> make(replacing, "os.raw", ImageFile.Format.RAW))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("'os.raw' was changed or replaced");
        assertThat(disk()).doesNotExist();

        assertThatThrownBy(() -> make(changing(() -> {}), "os.raw", ImageFile.Format.RAW))
                .hasMessageContaining("leads out of the images directory");
    }

    @Test
    void directoryThatIsReplaced_changesNothing() throws IOException {
        Path folder = Files.createDirectory(images.resolve("a"));
        Files.write(folder.resolve("os.raw"), bytes('o'));
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.copy(secret, other.resolve("os.raw"));

        make(
                changing(() -> {
                    Files.move(folder, images.resolve("b"));
                    Files.createSymbolicLink(folder, other);
                }),
                "a/os.raw",
                ImageFile.Format.RAW);

        assertThat(content()).isEqualTo(bytes('o'));
    }

    /** Written into, not replaced: what was read may be anything, so nothing of it is kept. */
    @Test
    void fileThatIsWrittenInto_toLeadToAnother_isNotUsed() throws IOException {
        Path file = images.resolve("os.qcow2");
        qemu("create", "-q", "-f", "qcow2", file.toString(), "1M");
        Path backed = directory.resolve("backed.qcow2");
        qemu("create", "-q", "-f", "qcow2", "-b", secret.toString(), "-F", "raw", backed.toString());
        Path external = directory.resolve("external.qcow2");
        qemu("create", "-q", "-f", "qcow2", "-o", "data_file=" + directory.resolve("data"), external.toString(), "1M");

        for (Path evil : List.of(backed, external)) {
            byte[] was = Files.readAllBytes(file);
            assertThatThrownBy(() -> make(
                            changing(() -> Files.write(file, Files.readAllBytes(evil))),
                            "os.qcow2",
                            ImageFile.Format.QCOW2))
                    .isInstanceOf(DomainException.class)
                    .hasMessageContaining("'os.qcow2' was changed or replaced while a disk was filled from it");
            assertThat(disk()).doesNotExist();
            Files.write(file, was);
        }

        make(changing(() -> {}), "os.qcow2", ImageFile.Format.QCOW2);
        assertThat(disk()).exists();
    }

    @Test
    void fileThatIsNotFitAnyMore_orLargerThanItsDisk_isRefused_andNothingIsMade() throws IOException {
        Files.writeString(images.resolve("os.raw"), "cut");
        assertThatThrownBy(() -> make(changing(() -> {}), "os.raw", ImageFile.Format.RAW))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("it may have been copied only in part")
                .hasMessageNotContaining("..");
        assertThatThrownBy(() -> make(changing(() -> {}), "none.raw", ImageFile.Format.RAW))
                .hasMessageContaining("There is no file 'none.raw'");
        qemu("create", "-q", "-f", "qcow2", images.resolve("large.qcow2").toString(), "2G");
        assertThatThrownBy(() -> make(changing(() -> {}), "large.qcow2", ImageFile.Format.QCOW2))
                .hasMessageContaining("has 2147483648 bytes now");
        assertThat(storage.root().resolve("disks")).isEmptyDirectory();
    }

    /** QEMU takes such names for something else than files. */
    @Test
    void namesThatMeanSomethingToQemu_areNamesOfFiles() throws IOException {
        for (String name : List.of("nbd:unix:a.raw", "json:{},b=c\\\".raw", "fat:rw:.raw", "a,,b=,.raw")) {
            Files.write(images.resolve(name), bytes('o'));
            make(changing(() -> {}), name, ImageFile.Format.RAW);
            assertThat(content()).as(name).isEqualTo(bytes('o'));
            Files.delete(disk());
        }
    }

    private Path disk() {
        return storage.disk(os.image().diskId().orElseThrow());
    }

    /** The first mebibyte of the disk, decrypted. */
    private byte[] content() throws IOException {
        Path plain = directory.resolve("plain");
        try (SecretBytes passphrase = Passphrases.OS_DISK.of(os.dataKey())) {
            Tool.Answer answer = Tool.run(
                    LIMIT,
                    Optional.of(passphrase),
                    "qemu-img",
                    "dd",
                    "--object",
                    "secret,id=p,file=/dev/stdin",
                    "--image-opts",
                    "bs=1M",
                    "count=1",
                    "-O",
                    "raw",
                    "if=driver=luks,key-secret=p,file.driver=file,file.filename=" + disk(),
                    "of=" + plain);
            assertThat(answer.well()).as(answer.said()).isTrue();
        }
        return Files.readAllBytes(plain);
    }

    private static void qemu(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "qemu-img";
        System.arraycopy(words, 0, command, 1, words.length);
        Tool.Answer answer = Tool.run(LIMIT, Optional.empty(), command);
        assertThat(answer.well()).as(answer.said()).isTrue();
    }

    private static byte[] bytes(char of) {
        byte[] all = new byte[MIB];
        Arrays.fill(all, String.valueOf(of).getBytes(StandardCharsets.US_ASCII)[0]);
        return all;
    }
}
