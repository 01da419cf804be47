package dev.keyturn.store.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * SQLite's write-ahead log, read beside SQLite and as its recovery reads it: frames in a row with the header's salts
 * whose chained checksum fits, up to the last that ends a transaction
 * (https://sqlite.org/fileformat2.html#the_write_ahead_log). SQLite keeps its locks on its two other files, so that
 * closing this one drops none of them. Not thread-safe.
 */
final class LogFile implements AutoCloseable {
    private static final int PAGE = DatabaseSums.PAGE;
    private static final int HEADER = 32;
    private static final int FRAME = 24;
    private static final int LITTLE = 0x377f0682;
    private static final int BIG = 0x377f0683;

    private final RandomAccessFile file;
    private final byte[] bytes = new byte[FRAME + PAGE];
    private final ByteBuffer in = ByteBuffer.wrap(bytes);
    private Reach reach = Reach.NOTHING;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    /** The checksum up to {@link #reach}: its first half in the upper 32 bits. */
    private long chain;

    LogFile(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    /**
     * How far a log goes.
     *
     * @param salt one more each time that SQLite begins the log anew
     * @param nonce random, drawn with the salt
     * @param frames how many belong to transactions that were committed
     */
    record Reach(int salt, int nonce, int frames) {
        /** Whether SQLite began the log anew since {@code then}: all that it held was folded into the file. */
        boolean isAnotherLogThan(Reach then) {
            return !then.equals(NOTHING) && (salt != then.salt || nonce != then.nonce);
        }

        static final Reach NOTHING = new Reach(0, 0, 0);

        /** Whether a log that goes to here may have gone to {@code then} before. */
        boolean holds(Reach then) {
            if (salt == then.salt && nonce == then.nonce) {
                return frames >= then.frames;
            }
            return !equals(NOTHING) && salt - then.salt > 0;
        }
    }

    Reach reach() {
        return reach;
    }

    /** Reads on to the last commit that is there now; {@code pages} gets each page with the sum of its content. */
    void follow(BiConsumer<Integer, Integer> pages) throws IOException {
        if (!header()) {
            reach = Reach.NOTHING;
            return;
        }
        Map<Integer, Integer> uncommitted = new HashMap<>();
        long next = chain;
        for (int frame = reach.frames(); read(HEADER + (long) frame * bytes.length, bytes.length); frame++) {
            if (in.getInt(0) <= 0 || in.getInt(8) != reach.salt() || in.getInt(12) != reach.nonce()) {
                return;
            }
            next = sum(sum(next, 0, 8), FRAME, PAGE);
            if (in.getLong(16) != next) {
                return;
            }
            uncommitted.put(in.getInt(0), DatabaseSums.sum(bytes, FRAME, PAGE));
            if (in.getInt(4) != 0) { // the size of the database, where a transaction ends
                uncommitted.forEach(pages);
                uncommitted.clear();
                reach = new Reach(reach.salt(), reach.nonce(), frame + 1);
                chain = next;
            }
        }
    }

    /** False where there is no log, or none with a sound header. Where SQLite began it anew, so does this. */
    private boolean header() throws IOException {
        if (!read(0, HEADER) || (in.getInt(0) != LITTLE && in.getInt(0) != BIG)) {
            return false;
        }
        order = in.getInt(0) == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        long own = sum(0, 0, FRAME);
        if (in.getLong(FRAME) != own) {
            return false;
        }
        if (in.getInt(8) != PAGE) {
            throw new IOException("the log has pages of " + in.getInt(8) + " bytes, not of " + PAGE);
        }
        if (in.getInt(16) != reach.salt() || in.getInt(20) != reach.nonce() || reach.frames() == 0) {
            reach = new Reach(in.getInt(16), in.getInt(20), 0);
            chain = own;
        }
        return true;
    }

    private long sum(long before, int from, int length) {
        ByteBuffer words = ByteBuffer.wrap(bytes, from, length).order(order);
        int first = (int) (before >>> 32);
        int second = (int) before;
        while (words.hasRemaining()) {
            first += words.getInt() + second;
            second += words.getInt() + first;
        }
        return ((long) first << 32) | Integer.toUnsignedLong(second);
    }

    private boolean read(long at, int length) throws IOException {
        try {
            file.seek(at);
            file.readFully(bytes, 0, length);
            return true;
        } catch (EOFException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
