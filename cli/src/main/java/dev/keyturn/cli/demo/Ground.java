package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directory that the demo's own server has to itself; it is gone afterwards.
 *
 * @param data the server's data directory
 * @param options of {@code keyturn up} beside that
 */
record Ground(HostKind kind, Path root, Path data, List<String> options) {
    private static final String PREFIX = "keyturn-demo-";

    static Ground of(HostKind kind) {
        try {
            Path root = Files.createTempDirectory(PREFIX);
            return switch (kind) {
                case SIMULATED -> new Ground(kind, root, root, List.of("--host", "simulated"));
                case LIBVIRT -> libvirt(root);
            };
        } catch (IOException e) {
            throw CliException.failed("the demo cannot make a directory for its server: " + e.getMessage(), e);
        }
    }

    /** Libvirt's QEMU, a user of its own, must be able to pass through to the storage, and to nothing else. */
    private static Ground libvirt(Path root) throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        Path data = privateDirectory(root.resolve("data"));
        Path images = privateDirectory(root.resolve("images"));
        Files.createDirectories(images.resolve(VmShape.GUEST.imageFile()).resolveSibling("."));
        String host = "libvirt:name=libvirt,uri=" + Libvirt.URI + ",storage=" + root.resolve("storage")
                + ",accelerator=auto,vcpus=1,memory=512,uefi-variables=" + Libvirt.UEFI_VARIABLES;
        return new Ground(HostKind.LIBVIRT, root, data, List.of("--host", host, "--images", images.toString()));
    }

    private static Path privateDirectory(Path path) throws IOException {
        return Files.createDirectory(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    Path storage() {
        return root.resolve("storage");
    }

    Path clientEnv() {
        return data.resolve("client.env");
    }

    /** Where the image of the test guest is to be. */
    Path guestImage() {
        return root.resolve("images").resolve(VmShape.GUEST.imageFile());
    }

    void delete() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
