package dev.keyturn.host.images;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.image.BaseImages;
import dev.keyturn.core.image.ImageCatalog;
import dev.keyturn.host.Held;
import dev.keyturn.host.ImageFiles;
import dev.keyturn.host.UnusableImageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
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
public final class ImagesDirectory implements ImageCatalog, ImageFiles {
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
        try (OpenedImage opened = take(file.get())) {
            return new Finding.Fit(new BaseImage(file.get(), opened.bytes()));
        } catch (InvalidPathException | NoSuchFileException | NotDirectoryException e) {
            return missing(name);
        } catch (UnfitImageException e) {
            return unfit(name, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unfit(name, why(e));
        }
    }

    @Override
    public Opened open(ImageFile file) throws UnusableImageException {
        try {
            return take(file);
        } catch (InvalidPathException | NoSuchFileException | NotDirectoryException e) {
            throw new UnusableImageException(missing(file.name()).why());
        } catch (UnfitImageException e) {
            throw new UnusableImageException(
                    unfit(file.name(), String.valueOf(e.getMessage())).why());
        } catch (IOException e) {
            throw new UnusableImageException(unfit(file.name(), why(e)).why());
        }
    }

    /** What is checked is what is held; a name that leads elsewhere meanwhile is found by where the held file is. */
    private OpenedImage take(ImageFile file) throws IOException, UnfitImageException {
        Path inside = root.toRealPath();
        Path real = root.resolve(file.name()).toRealPath();
        within(inside, real);
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnfitImageException("is not a regular file");
        }
        Held held = Held.file(real);
        try {
            Path place = held.place();
            within(inside, place);
            if (held.attributes().permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new UnfitImageException(
                        "can be written by everybody on the server's machine; take that away with chmod o-w");
            }
            for (Path at = place; !at.equals(inside); ) {
                at = at.resolveSibling("").normalize();
                if (Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new UnfitImageException("is in a directory that everybody on the server's machine can write;"
                            + " take that away with chmod o-w");
                }
            }
            return OpenedImage.of(file, held);
        } catch (IOException | UnfitImageException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private static void within(Path inside, Path real) throws UnfitImageException {
        if (!real.startsWith(inside)) {
            throw new UnfitImageException("is a symbolic link that leads out of the images directory");
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "may not be read by the server";
            case FileSystemLoopException _ -> "is a symbolic link in a circle";
            default -> "cannot be read";
        };
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

    private static Finding.Missing missing(String name) {
        return new Finding.Missing("There is no file '" + name + "' in the server's images directory.");
    }

    private static Finding.Unfit unfit(String name, String why) {
        return new Finding.Unfit("The image file '" + name + "' " + why + ".");
    }
}
