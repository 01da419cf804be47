package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds all of a server. One server at a time: an exclusive lock on the file {@code lock}, which the
 * operating system drops with the process however it ends. The file {@code version} says which layout the directory
 * has, so that an older program keeps its hands off a newer one's. docs/data-directory.md has all files.
 */
public final class DataDirectory implements AutoCloseable {
    /** The layout that this program writes. */
    static final int VERSION = 1;
    /** Files that must be this user's own, not links to somewhere else. */
    private static final List<String> PRIVATE = List.of(
            "lock",
            "version",
            InstallationFile.NAME,
            NodeFile.NAME,
            MovedNote.NAME,
            "keyturn.db",
            "keyturn.db-wal",
            "keyturn.db-shm",
            "keyturn.db-sums",
            "keyturn.db-sums-log",
            "master.key",
            "client.env",
            "ca.key",
            "ca.pem",
            "server.key",
            "server.pem");

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the directory (mode 0700) where there is none, and takes it; what others could get at is narrowed, what a
     * killed server left behind on its way is removed.
     *
     * @throws DataDirectoryException where it cannot be made or used, another server has it, or it is of a newer version
     */
    public static DataDirectory open(Path directory) throws DataDirectoryException {
        return open(directory, Ownership.ofThisProcess());
    }

    static DataDirectory open(Path directory, Ownership ownership) throws DataDirectoryException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            List<String> problems = ownership.problems(path, PRIVATE);
            if (!problems.isEmpty()) {
                throw new DataDirectoryException(String.join(" ", problems));
            }
            FileChannel lockFile = FileChannel.open(
                    path.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                if (lock(lockFile) == null) {
                    throw new DataDirectoryException("The data directory " + path + " is in use by another server"
                            + LockHolder.of(path.resolve("lock")) + ".");
                }
                requireVersion(path.resolve("version"));
                Leftovers.remove(path);
                return new DataDirectory(path, lockFile);
            } catch (DataDirectoryException | IOException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DataDirectoryException("The data directory " + path + " cannot be used: " + reason(e) + ".", e);
        }
    }

    public Path path() {
        return path;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** Lets another server have it. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // a server in this very process
        }
    }

    private static void requireVersion(Path file) throws IOException, DataDirectoryException {
        if (!Files.exists(file)) {
            PrivateFiles.write(file, (VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
            return;
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9]{1,9}")) {
            throw new DataDirectoryException("The file " + file + " is damaged: it should hold a version number.");
        }
        if (Integer.parseInt(text) > VERSION) {
            throw new DataDirectoryException("The data directory "
                    + file.resolveSibling("").normalize()
                    + " was written by a newer version of Keyturn (layout " + text + ", this one knows up to " + VERSION
                    + "). Start that version.");
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission on " + denied.getFile();
            case FileAlreadyExistsException taken -> taken.getFile() + " is not a directory";
            case FileSystemException fs -> fs.getReason() == null ? "'" + fs.getFile() + "'" : fs.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
