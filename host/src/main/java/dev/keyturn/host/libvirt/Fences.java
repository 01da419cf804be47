package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The highest number that each VM and each image has had an order under, in a small file for each, and the lock under
 * which orders about it follow each other: an order looks at the number, leaves its own and does its work before
 * another one looks. So a late order is refused whole, or was done whole before the newer one began.
 *
 * <p>Files are not made durable. Whoever could send a late order runs on this machine and dies with it. When the host
 * is opened, nobody is at work on it: the files are folded into one, {@code floor}, that holds for all. Thread-safe.
 */
final class Fences {
    private static final String FLOOR = "floor";
    private static final int DIGITS = 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    /** For another process; what this one is at has limits of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * The turns of this process, by file. A lock on a file belongs to the process and ends when any of its channels on
     * that file is closed, so a thread that waited with a channel of its own could take it from the one at work.
     */
    private static final Map<Path, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    /**
     * Numbers that a full disk had no room for. Stops and deletions must go on there, since they are what makes room, so
     * until then late orders of this process alone are refused.
     */
    private static final Map<Path, Fence> UNWRITTEN = new ConcurrentHashMap<>();

    private final Path directory;
    private final Fence floor;
    private final AtomicLong newest;

    private Fences(Path directory, Fence floor) {
        this.directory = directory;
        this.floor = floor;
        this.newest = new AtomicLong(floor.number());
    }

    static Fences open(Path storage) throws IOException {
        Path directory = storage.resolve("fences");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, Storage.PRIVATE_DIRECTORY);
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        Fence newest = Fence.NONE;
        for (Path file : files) {
            try (FileChannel channel = channel(file)) {
                Fence found = read(channel);
                newest = found.compareTo(newest) > 0 ? found : newest;
            }
        }
        try (FileChannel channel = channel(directory.resolve(FLOOR))) {
            write(channel, newest);
        }
        for (Path file : files) {
            if (!file.endsWith(FLOOR)) {
                Files.deleteIfExists(file);
            }
        }
        return new Fences(directory, newest);
    }

    /** The highest that stood in the files when they were opened, or was taken since: later claims must be above it. */
    Fence newest() {
        return new Fence(newest.get());
    }

    /**
     * Does the work as the newest order about all of the subjects.
     *
     * @throws LeaseLostException where one of them has had a newer one; nothing was done
     */
    void under(Fence fence, SortedSet<String> subjects, Runnable work) {
        List<ReentrantLock> turns = take(subjects);
        Map<Path, FileChannel> locked = new LinkedHashMap<>();
        try {
            if (fence.compareTo(floor) <= 0) {
                throw LeaseLostException.fencedOff("the host", fence);
            }
            for (String subject : subjects) {
                Path file = directory.resolve(subject);
                FileChannel channel = channel(file);
                locked.put(file, channel);
                lock(channel, subject);
                Fence unwritten = UNWRITTEN.getOrDefault(file, Fence.NONE);
                if (read(channel).compareTo(fence) > 0 || unwritten.compareTo(fence) > 0) {
                    throw LeaseLostException.fencedOff(subject, fence);
                }
            }
            newest.accumulateAndGet(fence.number(), Math::max);
            for (Map.Entry<Path, FileChannel> each : locked.entrySet()) {
                leave(each.getKey(), each.getValue(), fence);
            }
            work.run();
        } catch (IOException e) {
            throw unavailable("The host's storage cannot be changed: " + Reason.of(e) + ".");
        } finally {
            locked.values().forEach(Fences::close);
            turns.forEach(ReentrantLock::unlock);
        }
    }

    /** One thread of this process at a time, in the same order for all. */
    private List<ReentrantLock> take(SortedSet<String> subjects) {
        List<ReentrantLock> taken = new ArrayList<>();
        for (String subject : subjects) {
            ReentrantLock turn = TURNS.computeIfAbsent(directory.resolve(subject), _ -> new ReentrantLock());
            try {
                turn.lockInterruptibly();
            } catch (InterruptedException e) {
                taken.forEach(ReentrantLock::unlock);
                Thread.currentThread().interrupt();
                throw unavailable("The wait for " + subject + " was interrupted.");
            }
            taken.add(turn);
        }
        return taken;
    }

    private static void lock(FileChannel channel, String subject) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return; // until the channel is closed
                }
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw unavailable("Another process is at work on " + subject + ".");
                }
            } catch (OverlappingFileLockException e) {
                throw new IllegalStateException("two threads of this process have turns at " + subject, e);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable("The wait for " + subject + " was interrupted.");
            }
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** A file that the machine went down with may be empty or torn; it says nothing then. */
    private static Fence read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(DIGITS);
        int read = channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, Math.max(read, 0), StandardCharsets.US_ASCII);
        return text.matches("[0-9]{20}") ? new Fence(Long.parseLong(text)) : Fence.NONE;
    }

    private static void leave(Path file, FileChannel channel, Fence fence) throws IOException {
        try {
            write(channel, fence);
            UNWRITTEN.remove(file);
        } catch (IOException e) {
            if (!Reason.noSpace(e)) {
                throw e;
            }
            UNWRITTEN.put(file, fence);
        }
    }

    private static void write(FileChannel channel, Fence fence) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap("%020d".formatted(fence.number()).getBytes(StandardCharsets.US_ASCII));
        if (channel.write(bytes, 0) != DIGITS) {
            throw new FileSystemException(null, null, "a fence was written in part");
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw unavailable("The host's storage cannot be changed: " + Reason.of(e) + ".");
        }
    }

    private static RuntimeException unavailable(String why) {
        return new DomainError.Unavailable(ErrorInfo.of("HostStorageFailed", why)).asException();
    }
}
