package dev.keyturn.host.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.image.ImageCatalog.Finding;
import dev.keyturn.host.ImageFiles;
import dev.keyturn.host.UnusableImageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesDirectoryTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    private Path root;
    private ImagesDirectory images;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(directory.resolve("images"));
        images = new ImagesDirectory(root);
    }

    private void fits(String name, ImageFile.Format format, long bytes) {
        assertThat(images.find(name)).isEqualTo(new Finding.Fit(new BaseImage(new ImageFile(name, format), bytes)));
    }

    private void unfit(String name, String why) {
        assertThat(images.find(name))
                .isInstanceOfSatisfying(
                        Finding.Unfit.class,
                        u -> assertThat(u.why()).contains(name, why).doesNotContain(directory.toString()));
    }

    @Test
    void qcow2_tellsTheSizeOfTheDiskInIt() throws IOException {
        Files.createDirectory(root.resolve("debian"));
        Qcow2Files.write(root.resolve("debian/12.QCOW2"), Qcow2Files.header(3, 3 * GIB));
        fits("debian/12.QCOW2", ImageFile.Format.QCOW2, 3 * GIB);
        assertThat(new BaseImage(new ImageFile("a.raw", ImageFile.Format.RAW), 3 * GIB + 1).sizeGb())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.raw", "a.img"})
    void rawImage_isAsLargeAsItsFile(String name) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(root.resolve(name).toFile(), "rw")) {
            file.setLength(2 * GIB);
        }
        fits(name, ImageFile.Format.RAW, 2 * GIB);
    }

    @Test
    void rawImage_thatCannotBeOne_isRefused() throws IOException {
        Files.write(root.resolve("empty.raw"), new byte[0]);
        unfit("empty.raw", "is empty");
        Files.writeString(root.resolve("text.img"), "no disk");
        unfit("text.img", "7 bytes long");
        Qcow2Files.write(root.resolve("cloud.img"), Qcow2Files.header(3, GIB));
        unfit("cloud.img", "name it .qcow2");
        try (RandomAccessFile file =
                new RandomAccessFile(root.resolve("big.raw").toFile(), "rw")) {
            file.setLength(4096 * GIB);
        }
        unfit("big.raw", "4095 GB or less");
    }

    @Test
    void rawBytes_areNoQcow2_whateverTheyHold() throws IOException {
        Files.write(root.resolve("disk.qcow2"), new byte[4096]);
        unfit("disk.qcow2", "is not a qcow2 image");
        Qcow2Files.write(root.resolve("b.qcow2"), Qcow2Files.header(3, GIB).putLong(8, 512));
        unfit("b.qcow2", "has a backing file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "../secret.raw",
                "a/../../secret.raw",
                "/etc/passwd",
                "a//b.raw",
                "a/./b.raw",
                "secret.raw/",
                "a\u0000.raw",
                "a\n.raw",
                "image",
                "image.vhd",
                "image.qcow2.gz"
            })
    void nameThatIsNone_isRefused(String name) throws IOException {
        Files.write(directory.resolve("secret.raw"), new byte[512]);
        assertThat(images.find(name))
                .isInstanceOfSatisfying(
                        Finding.Unfit.class,
                        u -> assertThat(u.why())
                                .contains("not the name of an image")
                                .doesNotContain(directory.toString()));
    }

    @Test
    void nameThatNoFileCanHave_isMissing() {
        for (String name : List.of("\uD800.raw", "x".repeat(300) + ".raw", "none.raw", "none/none.qcow2")) {
            assertThat(images.find(name)).isNotInstanceOf(Finding.Fit.class);
        }
        assertThat(images.find("none.raw")).isInstanceOf(Finding.Missing.class);
    }

    @Test
    void linksThatLeadOut_areRefused_linksInsideAreFollowed() throws IOException {
        Path secret = Files.write(directory.resolve("secret.raw"), new byte[512]);
        Files.createSymbolicLink(root.resolve("out.raw"), secret);
        unfit("out.raw", "leads out of the images directory");
        Files.createSymbolicLink(root.resolve("up"), directory);
        unfit("up/secret.raw", "leads out of the images directory");
        assertThat(images.filesIn("up")).isEmpty();
        Files.createSymbolicLink(root.resolve("self.raw"), Path.of("self.raw"));
        assertThat(images.find("self.raw")).isInstanceOf(Finding.Unfit.class);
        Files.write(root.resolve("12.1.raw"), new byte[1024]);
        Files.createSymbolicLink(root.resolve("12.raw"), Path.of("12.1.raw"));
        fits("12.raw", ImageFile.Format.RAW, 1024);
    }

    @Test
    void siblingWhoseNameBeginsAlike_isOutside() throws IOException {
        Path sibling = Files.createDirectory(directory.resolve("images-private"));
        Files.createSymbolicLink(root.resolve("in"), sibling);
        Files.write(sibling.resolve("a.raw"), new byte[512]);
        unfit("in/a.raw", "leads out of the images directory");
    }

    @Test
    void whatIsNoFile_orEverybodysToWrite_isRefused() throws IOException {
        Files.createDirectory(root.resolve("folder.raw"));
        unfit("folder.raw", "not a regular file");
        Files.write(root.resolve("open.raw"), new byte[512]);
        Files.setPosixFilePermissions(root.resolve("open.raw"), PosixFilePermissions.fromString("rw-rw-rw-"));
        unfit("open.raw", "everybody");
        Path folder = Files.createDirectory(root.resolve("shared"));
        Files.write(folder.resolve("a.raw"), new byte[512]);
        fits("shared/a.raw", ImageFile.Format.RAW, 512);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        unfit("shared/a.raw", "is in a directory that everybody");
    }

    @Test
    void openedFile_isTheOneThatWasChecked_andTellsWhetherItWasChanged() throws Exception {
        ImageFile file = new ImageFile("a.raw", ImageFile.Format.RAW);
        Path there = Files.write(root.resolve("a.raw"), new byte[512]);
        try (ImageFiles.Opened opened = images.open(file)) {
            assertThat(opened.bytes()).isEqualTo(512);
            opened.unchanged();
            Files.move(there, root.resolve("b.raw"));
            Files.write(there, new byte[1024]);
            assertThat(Files.size(opened.path())).isEqualTo(512);

            Files.write(root.resolve("b.raw"), new byte[2048]);
            assertThatThrownBy(opened::unchanged)
                    .isInstanceOf(UnusableImageException.class)
                    .hasMessageContaining("'a.raw' was changed");
        }
        Qcow2Files.write(there, Qcow2Files.header(3, GIB));
        assertThatThrownBy(() -> images.open(file))
                .isInstanceOf(UnusableImageException.class)
                .hasMessage("The image file 'a.raw' is named as a raw image and begins as a qcow2 one. If it is one,"
                        + " name it .qcow2.");
    }

    @Test
    void directory_tellsWhatKeepsItFromBeingUsed() throws IOException {
        assertThat(images.problem()).isEmpty();
        assertThat(new ImagesDirectory(directory.resolve("later")).problem()).isEmpty();
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(new ImagesDirectory(file).problem())
                .hasValueSatisfying(p -> assertThat(p).contains("is not a directory"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(images.problem()).hasValueSatisfying(p -> assertThat(p).contains("chmod o-w"));
    }

    @Test
    void filesIn_listsTheFilesRightThere() throws IOException {
        Path folder = Files.createDirectories(root.resolve("a/b/c"));
        Files.createDirectory(folder.resolve("d.raw"));
        Files.write(folder.resolve("2.raw"), new byte[512]);
        Files.write(folder.resolve("1.qcow2"), new byte[512]);
        assertThat(images.filesIn("a/b/c")).containsExactly("1.qcow2", "2.raw");
        for (String none : List.of("a/b", "a/b/x", "a/b/c/2.raw", "..", "", "/", "a/../a/b/c", "\uD800")) {
            assertThat(images.filesIn(none)).as(none).isEmpty();
        }
    }

    /** The header as the program writes it that will read it. */
    @Test
    void imagesOfQemu_areReadAsQemuMeansThem() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
        qemu("create", "-q", "-f", "qcow2", "plain.qcow2", "5G");
        fits("plain.qcow2", ImageFile.Format.QCOW2, 5 * GIB);
        qemu("create", "-q", "-f", "qcow2", "-o", "compat=0.10", "old.qcow2", "1G");
        fits("old.qcow2", ImageFile.Format.QCOW2, GIB);
        qemu(
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "extended_l2=on,compression_type=zstd,lazy_refcounts=on",
                "n.qcow2",
                "7G");
        fits("n.qcow2", ImageFile.Format.QCOW2, 7 * GIB);
        qemu("create", "-q", "-f", "qcow2", "-b", "plain.qcow2", "-F", "qcow2", "backed.qcow2");
        unfit("backed.qcow2", "has a backing file");
        qemu("create", "-q", "-f", "qcow2", "-o", "data_file=out.data", "data.qcow2", "1G");
        unfit("data.qcow2", "another file");
    }

    private void qemu(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
