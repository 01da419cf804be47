package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's word that one process alone works in a storage directory. It is held as long as the host is
 * open, and ends with the process however that ends. Thread-safe.
 */
final class StorageLock implements AutoCloseable {
    static final String FILE = "keyturn-lock";

    private static final Logger LOG = LoggerFactory.getLogger(StorageLock.class);
    private static final int LONGEST_PID = 20;

    /**
     * What this process holds. A lock belongs to the process and ends when any of its channels on the file is closed, so
     * who holds it already must not open the file to see that.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path directory;
    private final FileChannel channel;

    private StorageLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** The lock, or who has it. */
    sealed interface Taken {
        record Ours(StorageLock lock) implements Taken {}

        /** @param process its number, where it can be read */
        record Theirs(Optional<Long> process) implements Taken {}
    }

    /** Tries once. {@code storage} is there. */
    static Taken take(Path storage) throws IOException {
        Path directory = storage.toRealPath();
        synchronized (HELD) {
            if (HELD.contains(directory)) {
                return new Taken.Theirs(Optional.of(ProcessHandle.current().pid()));
            }
            FileChannel channel = FileChannel.open(
                    directory.resolve(FILE),
                    Set.of(
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            boolean ours = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return new Taken.Theirs(process(channel));
                }
                note(channel);
                HELD.add(directory);
                ours = true;
                return new Taken.Ours(new StorageLock(directory, channel));
            } finally {
                if (!ours) {
                    channel.close();
                }
            }
        }
    }

    /** For who is refused; a full disk must not keep a host from opening. */
    private static void note(FileChannel channel) {
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
        } catch (IOException e) {
            LOG.info("the process is not noted in the lock: {}", e.getMessage());
        }
    }

    private static Optional<Long> process(FileChannel channel) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(LONGEST_PID);
        channel.read(read, 0);
        String text = new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII).strip();
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A second time nothing. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (!channel.isOpen()) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("the lock on " + directory + " cannot be given back", e);
            } finally {
                HELD.remove(directory);
            }
        }
    }
}
