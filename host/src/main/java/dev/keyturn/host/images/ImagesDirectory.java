package dev.keyturn.host.images;

import dev.keyturn.core.vm.BaseImage;
import dev.keyturn.core.vm.BaseImages;
import dev.keyturn.core.vm.ImageCatalog;
import dev.keyturn.core.vm.ImageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The images directory. A name leads to a regular file whose real path is below the directory's real path, that not
 * everybody may write. Its format is what its extension says; content only ever gets a file refused. Thread-safe.
 */
public final class ImagesDirectory implements ImageCatalog {
    private static final int SECTOR = 512;

    private final Path root;

    public ImagesDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** What keeps the directory from being used, as a sentence; it may be not there, and made later. */
    public Optional<String> problem() {
        if (!Files.exists(root)) {
            return Optional.empty();
        }
        try {
            PosixFileAttributes attributes = Files.readAttributes(root, PosixFileAttributes.class);
            if (!attributes.isDirectory()) {
                return Optional.of("The images directory " + root + " is not a directory.");
            }
            if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                return Optional.of("The images directory " + root + " can be written by everybody on this machine, who"
                        + " could put there what VMs boot. Take that away: chmod o-w " + root);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("The images directory " + root + " cannot be read.");
        }
    }

    @Override
    public Finding find(String name) {
        Optional<ImageFile> file = file(name);
        if (file.isEmpty()) {
            return new Finding.Unfit("'" + name + "' is not the name of an image: a path below the images directory,"
                    + " with slashes, without '.' and '..', that ends in .qcow2, .raw or .img.");
        }
        try {
            Path real = root.resolve(name).toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                return unfit(name, "is a symbolic link that leads out of the images directory");
            }
            PosixFileAttributes attributes = Files.readAttributes(real, PosixFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return unfit(name, "is not a regular file");
            }
            if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                return unfit(
                        name, "can be written by everybody on the server's machine; take that away with chmod o-w");
            }
            try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return fit(file.get(), channel);
            }
        } catch (InvalidPathException | NoSuchFileException | NotDirectoryException e) {
            return missing(name);
        } catch (UnfitImageException e) {
            return unfit(name, String.valueOf(e.getMessage()));
        } catch (AccessDeniedException e) {
            return unfit(name, "may not be read by the server");
        } catch (FileSystemLoopException e) {
            return unfit(name, "is a symbolic link in a circle");
        } catch (IOException e) {
            return unreadable(name);
        }
    }

    @Override
    public List<String> filesIn(String folder) {
        List<String> out = new ArrayList<>();
        if (!ImageFile.isPlain(folder)) {
            return out;
        }
        try {
            Path real = root.resolve(folder).toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                return out;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(real, Files::isRegularFile)) {
                entries.forEach(e -> out.add(String.valueOf(e.getFileName())));
            }
        } catch (IOException | InvalidPathException e) {
            return List.of(); // not there, or nothing that can be asked for by this name
        }
        out.sort(String::compareTo);
        return out;
    }

    private static Optional<ImageFile> file(String name) {
        if (!ImageFile.isPlain(name)) {
            return Optional.empty();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return BaseImages.EXTENSIONS.entrySet().stream()
                .filter(e -> lower.endsWith(e.getKey()))
                .findFirst()
                .map(e -> new ImageFile(name, e.getValue()));
    }

    private static Finding fit(ImageFile file, FileChannel channel) throws IOException, UnfitImageException {
        long bytes = switch (file.format()) {
            case RAW -> raw(channel);
            case QCOW2 -> Qcow2Header.read(channel).virtualSize();
        };
        if (bytes > (long) BaseImage.MAX_GB << 30) {
            throw new UnfitImageException(
                    "holds a disk of " + bytes + " bytes, and an OS disk has " + BaseImage.MAX_GB + " GB or less");
        }
        return new Finding.Fit(new BaseImage(file, bytes));
    }

    private static long raw(FileChannel channel) throws IOException, UnfitImageException {
        long size = channel.size();
        if (size == 0) {
            throw new UnfitImageException("is empty");
        }
        if (size % SECTOR != 0) {
            throw new UnfitImageException("is " + size + " bytes long, and a disk has whole sectors of " + SECTOR
                    + "; it may have been copied only in part, or is no raw image");
        }
        ByteBuffer start = ByteBuffer.allocate(4);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        if (!start.hasRemaining() && start.getInt(0) == Qcow2Header.MAGIC) {
            throw new UnfitImageException(
                    "is named as a raw image and begins as a qcow2 one. If it is one, name it" + " .qcow2");
        }
        return size;
    }

    private static Finding missing(String name) {
        return new Finding.Missing("There is no file '" + name + "' in the server's images directory.");
    }

    private static Finding unfit(String name, String why) {
        return new Finding.Unfit("The image file '" + name + "' " + why + ".");
    }

    private static Finding unreadable(String name) {
        return unfit(name, "cannot be read");
    }
}
