package dev.keyturn.host.libvirt;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a program has an image open: QEMU keeps record locks on bytes of every image file it uses (QEMU's image
 * locking), swtpm on a file beside its state. Linux is asked whether a lock over the whole file would meet any of them
 * ({@code F_OFD_GETLK}, fcntl(2)); none is taken, because a QEMU that is just starting would meet it. Thread-safe.
 */
final class ImageLocks {
    private static final int ENOENT = 2;
    /**
     * To read, closed in children, without following a link and without waiting for a pipe's other end: swtpm's user
     * may put either in the place of its lock.
     */
    private static final int FLAGS =
            0x80000 | 0x800 | (System.getProperty("os.arch", "").equals("aarch64") ? 0x8000 : 0x20000);

    private static final int F_OFD_GETLK = 36;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    /** {@code struct flock} of 64-bit Linux: type, whence, start, length, process. */
    private static final int FLOCK_SIZE = 32;

    private static final int FLOCK_PROCESS = 24;

    private static final C LINUX = Native.load("c", C.class);

    private ImageLocks() {}

    /** The C library's own functions, two of which take more arguments than they name. */
    interface C extends Library {
        int open(String path, int flags, Object... more) throws LastErrorException;

        int fcntl(int file, int command, Object... more) throws LastErrorException;

        int close(int file) throws LastErrorException;
    }

    /** Why the file cannot be taken to be unused; empty where nobody has it locked. */
    static Optional<String> held(Path file) {
        try {
            int open = LINUX.open(file.toString(), FLAGS);
            try (Memory lock = new Memory(FLOCK_SIZE)) {
                lock.clear();
                lock.setShort(0, F_WRLCK);
                LINUX.fcntl(open, F_OFD_GETLK, lock);
                return lock.getShort(0) == F_UNLCK ? Optional.empty() : Optional.of(by(lock.getInt(FLOCK_PROCESS)));
            } finally {
                LINUX.close(open);
            }
        } catch (LastErrorException e) {
            return e.getErrorCode() == ENOENT
                    ? Optional.empty()
                    : Optional.of("whether it is in use cannot be found out: " + e.getMessage());
        }
    }

    /** Locks that belong to open files, as QEMU's, are of no process. */
    private static String by(int process) {
        return process > 0 ? "the process " + process + " has it locked" : "a program has it locked";
    }
}
