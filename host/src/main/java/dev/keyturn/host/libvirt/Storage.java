package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.Held;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where a host's files are. Directories can be passed through by anybody, because the hypervisor's own user has to reach
 * the images, but not listed; files are for their owner alone. An image is made under another name and renamed when it
 * is whole.
 *
 * <pre>
 * disks/DISK.luks        an OS or data disk
 * vms/VM/vars.luks       a VM's UEFI variables
 * vms/VM/console.log     what its guest wrote to the serial console, with older parts beside it
 * TPM/VM/tpm2/           its vTPM's state, where libvirt looks for it; swtpm's user writes in it, and only in it
 * </pre>
 */
final class Storage {
    static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");
    static final Set<PosixFilePermission> PRIVATE_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    /** No directory of a host's is so deep; somebody else may make deeper ones in a vTPM's. */
    private static final int DEEPEST = 16;

    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path root;
    private final Path tpms;

    /** {@code tpms} is the directory in which this libvirt keeps its vTPMs' states. */
    Storage(Path root, Path tpms) {
        this.root = root;
        this.tpms = tpms;
    }

    /** Makes what is not there. */
    void prepare() throws IOException {
        passable(root);
        passable(root.resolve("disks"));
        passable(root.resolve("vms"));
    }

    /** Comes back once the directory has been asked for, however that went. */
    boolean answers() {
        return Files.isDirectory(root);
    }

    Path root() {
        return root;
    }

    /** Whether this host has heard of the VM. */
    boolean knows(UUID vm) {
        return Files.isDirectory(vm(vm));
    }

    /** @throws DomainException {@code Unavailable} where the directory cannot be made */
    void define(UUID vm) {
        try {
            passable(vm(vm));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The VM's own directory and its console; its images were deleted before. */
    void forget(UUID vm) {
        deleteTree(vm(vm));
    }

    boolean hasGuestState(UUID vm) {
        return Files.exists(variables(vm)) || Files.exists(tpm(vm), LinkOption.NOFOLLOW_LINKS);
    }

    Path variables(UUID vm) {
        return vm(vm).resolve("vars.luks");
    }

    Path console(UUID vm) {
        return vm(vm).resolve("console.log");
    }

    Path tpm(UUID vm) {
        return tpms.resolve(vm.toString()).resolve("tpm2");
    }

    Path disk(UUID disk) {
        return root.resolve("disks").resolve(disk + ".luks");
    }

    /** The files that must be there for the image to be there. */
    List<Path> files(ArtifactImage image) {
        if (image.kind() == ArtifactKind.GUEST_STATE) {
            UUID vm = image.vmId().orElseThrow();
            return List.of(variables(vm), tpm(vm).resolve(VtpmStates.FILE));
        }
        return List.of(disk(image.diskId().orElseThrow()));
    }

    boolean has(ArtifactImage image) {
        return files(image).stream().allMatch(Storage::isFile);
    }

    /** A symbolic link is none: the directory of a vTPM's state is not this process's alone. */
    static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The VMs that this host has heard of. */
    List<UUID> vms() throws IOException {
        List<UUID> known = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root.resolve("vms"))) {
            for (Path vm : all) {
                vmId(String.valueOf(vm.getFileName())).ifPresent(known::add);
            }
        }
        return known;
    }

    /** Empty for what is none of this host's. */
    private static Optional<UUID> vmId(String directory) {
        try {
            return Optional.of(UUID.fromString(directory));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void delete(ArtifactImage image) {
        try {
            if (image.kind() == ArtifactKind.GUEST_STATE) {
                UUID vm = image.vmId().orElseThrow();
                deleteTree(tpms.resolve(vm.toString()));
                Files.deleteIfExists(variables(vm));
            } else {
                Path disk = disk(image.diskId().orElseThrow());
                Files.deleteIfExists(disk);
                Files.deleteIfExists(part(disk));
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static Path part(Path image) {
        return image.resolveSibling(image.getFileName() + ".part");
    }

    /** An empty file of its own to make an image in; what a killed run left there is gone. */
    static Path begin(Path image) throws IOException {
        Path part = part(image);
        Files.deleteIfExists(part);
        return Files.createFile(part, PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
    }

    /** The image is whole: durable, then under its name, where nothing may be: an image is never replaced. */
    static void finish(Path part, Path image) throws IOException {
        sync(part);
        Files.createLink(image, part);
        Files.delete(part);
        sync(image.resolveSibling("."));
    }

    static void sync(Path path) throws IOException {
        StandardOpenOption how = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    static void passable(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PASSABLE);
        }
    }

    /**
     * Deletes it and all in it, and follows no symbolic link, whoever may write there and puts one into the way
     * meanwhile. Also where a program that is just ending takes files of its own away.
     */
    static void deleteTree(Path tree) {
        try {
            deleteTree(tree, 0);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void deleteTree(Path at, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new FileSystemException(at.toString(), null, "directories are nested too deeply in it");
        }
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            try (Held directory = Held.directory(at);
                    DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
                for (Path entry : entries) {
                    deleteTree(directory.at(String.valueOf(entry.getFileName())), depth + 1);
                }
            } catch (NoSuchFileException e) {
                return;
            }
        }
        Files.deleteIfExists(at);
    }

    private static DomainException failed(IOException e) {
        return new DomainError.Unavailable(ErrorInfo.of(
                        "HostStorageFailed", "The host's storage cannot be changed: " + Reason.of(e) + "."))
                .asException();
    }

    private Path vm(UUID vm) {
        return root.resolve("vms").resolve(vm.toString());
    }
}
