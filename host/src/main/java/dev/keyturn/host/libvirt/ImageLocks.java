package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Whether a program has an image open: QEMU keeps record locks on bytes of every image file it uses (QEMU's image
 * locking), swtpm on a file beside its state. Trying for a lock over the whole file meets any of them. Thread-safe.
 */
final class ImageLocks {
    /** Record locks belong to a process: two threads of this one must not try at once. */
    private static final Object ONE_AT_A_TIME = new Object();

    private ImageLocks() {}

    /** Why the file cannot be taken to be unused; empty where nobody has it locked. */
    static Optional<String> held(Path file) {
        synchronized (ONE_AT_A_TIME) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                return lock == null ? Optional.of("a program has it locked") : Optional.empty();
            } catch (OverlappingFileLockException e) {
                return Optional.of("this server is at work on it");
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("whether it is in use cannot be found out: " + Reason.of(e));
            }
        }
    }
}
