package dev.keyturn.store.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sums of all pages of a database that is in use, kept so that a kill leaves them (docs/data-directory.md,
 * "Damage"). Pages change in the file only where the log is folded into it. Before that happens, the sums of what is in
 * the log are added to {@code keyturn.db-sums-log}, durably; and at each commit the log's end is noted there. So after a
 * kill every page either has the sum that it should have, or is in the log, which is checksummed itself and must go to
 * its noted end. Not thread-safe.
 */
final class PageSums implements AutoCloseable {
    static final String BASE = SqliteFile.NAME + "-sums";
    static final String ADDED = SqliteFile.NAME + "-sums-log";
    private static final int MAGIC = 0x4b54_4c31; // KTL1
    private static final int END = 12;
    private static final int HEADER = 28;
    /** How much may be added before all is written anew. */
    private static final long MOST = 1L << 20;

    private final Path directory;
    private final long mark;
    private final RandomAccessFile added;
    private int[] sums;
    private boolean closed;

    private PageSums(Path directory, int[] sums, long mark, RandomAccessFile added) {
        this.directory = directory;
        this.sums = sums;
        this.mark = mark;
        this.added = added;
    }

    /**
     * From what the pages are now, before anything is folded. Durable when this returns. The earlier additions go last:
     * without them the earlier sums would be of pages that have changed since.
     */
    static PageSums begin(Path directory, DatabaseSums now, long mark) throws IOException {
        byte[] base = now.bytes(mark);
        write(directory, base);
        Path file = directory.resolve(ADDED);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        PageSums begun = new PageSums(directory, now.sums(), mark, new RandomAccessFile(file.toFile(), "rw"));
        try {
            begun.addTo(base);
            sync(directory);
            return begun;
        } catch (IOException e) {
            begun.close();
            throw e;
        }
    }

    /** The log now goes to here. Where power fails, an earlier end may be what is noted. */
    void end(LogFile.Reach reach) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(HEADER - END);
        out.putInt(reach.salt()).putInt(reach.nonce()).putInt(reach.frames());
        write(END, out.putInt(DatabaseSums.sum(out.array(), 0, out.position())).array());
    }

    /** Pages are about to be folded. Durable when this returns. */
    void add(Map<Integer, Integer> pages) throws IOException {
        if (pages.isEmpty()) {
            return;
        }
        sums = with(sums, pages);
        if (added.length() > MOST + 4L * sums.length) {
            all();
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(8 + 8 * pages.size());
        out.putInt(pages.size());
        pages.forEach((page, sum) -> out.putInt(page).putInt(sum));
        write(
                added.length(),
                out.putInt(DatabaseSums.sum(out.array(), 0, out.position())).array());
        added.getFD().sync();
    }

    DatabaseSums now() {
        return new DatabaseSums(sums);
    }

    /**
     * There is no log, and the next one has salts at random: where the one before ended says nothing of it. Kept is what
     * the pages should be.
     */
    static void forgetEnd(Path directory) throws IOException {
        Path file = directory.resolve(ADDED);
        if (!Files.isRegularFile(file) || Files.size(file) < HEADER) {
            return;
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.allocate(HEADER - END), END); // no frames: none is noted
            out.force(true);
        }
    }

    /** Nothing is known of the pages any more. Additions without what they are added to count for nothing. */
    static void forget(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(BASE));
        Files.deleteIfExists(directory.resolve(ADDED));
        sync(directory);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            added.close();
        }
    }

    /** Writes all sums, and begins the additions to them anew. After a kill in between, the old additions count for nothing. */
    private void all() throws IOException {
        byte[] base = new DatabaseSums(sums).bytes(mark);
        write(directory, base);
        addTo(base);
    }

    private static void write(Path directory, byte[] base) throws IOException {
        Path next = directory.resolve("." + BASE + ".new");
        Files.deleteIfExists(next);
        try (FileChannel out = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(base);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, directory.resolve(BASE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    /** Begins the additions anew; the log's end stays noted. */
    private void addTo(byte[] base) throws IOException {
        byte[] end = new byte[HEADER - END];
        if (added.length() >= HEADER) {
            added.seek(END);
            added.readFully(end);
        }
        added.setLength(0);
        ByteBuffer out = ByteBuffer.allocate(HEADER);
        out.putInt(MAGIC).putInt(tie(base));
        out.putInt(DatabaseSums.sum(out.array(), 0, out.position())).put(end);
        write(0, out.array());
        added.getFD().sync();
    }

    private void write(long at, byte[] bytes) throws IOException {
        added.seek(at);
        added.write(bytes);
    }

    private static int tie(byte[] base) {
        return ByteBuffer.wrap(base).getInt(base.length - 4);
    }

    private static int[] with(int[] sums, Map<Integer, Integer> pages) {
        int most = pages.keySet().stream().mapToInt(p -> p).max().orElse(0);
        int[] out = sums;
        if (most > sums.length) {
            out = Arrays.copyOf(sums, most);
            Arrays.fill(out, sums.length, most, DatabaseSums.ZEROS); // SQLite leaves out pages that it does not use
        }
        for (Map.Entry<Integer, Integer> page : pages.entrySet()) {
            out[page.getKey() - 1] = page.getValue();
        }
        return out;
    }

    /** What a server left, whichever way it ended. */
    record Left(DatabaseSums sums, Optional<LogFile.Reach> end) {
        /**
         * @param mark of the sums, where {@code exact}; else they may be earlier
         * @return empty where nothing is known
         */
        static Optional<Left> in(Path directory, long mark, boolean exact) throws IOException {
            Path base = directory.resolve(BASE);
            if (!Files.exists(base)) {
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(base);
            long its = bytes.length < 12 ? -1 : ByteBuffer.wrap(bytes).getLong(4);
            Optional<DatabaseSums> sums = DatabaseSums.parse(bytes, exact ? mark : Math.min(its, mark));
            if (sums.isEmpty() || exact || !Files.exists(directory.resolve(ADDED))) {
                return sums.map(s -> new Left(s, Optional.empty()));
            }
            return Optional.of(added(sums.get(), Files.readAllBytes(directory.resolve(ADDED)), bytes));
        }

        private static Left added(DatabaseSums base, byte[] all, byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(all);
            Left alone = new Left(base, Optional.empty());
            if (in.remaining() < HEADER
                    || in.getInt() != MAGIC
                    || in.getInt() != tie(bytes)
                    || in.getInt() != DatabaseSums.sum(all, 0, END - 4)) {
                return alone;
            }
            LogFile.Reach end = new LogFile.Reach(in.getInt(), in.getInt(), in.getInt());
            boolean noted = in.getInt() == DatabaseSums.sum(all, END, HEADER - END - 4) && end.frames() > 0;
            int[] sums = base.sums();
            while (in.remaining() >= 8) {
                int from = in.position();
                int count = in.getInt();
                if (count <= 0 || count > (in.remaining() - 4) / 8) {
                    break; // killed while it was written: nothing was folded then
                }
                Map<Integer, Integer> pages = new HashMap<>();
                for (int i = 0; i < count; i++) {
                    pages.put(in.getInt(), in.getInt());
                }
                if (in.getInt() != DatabaseSums.sum(all, from, 4 + 8 * count)) {
                    break;
                }
                sums = with(sums, pages);
            }
            return new Left(new DatabaseSums(sums), noted ? Optional.of(end) : Optional.empty());
        }
    }
}
