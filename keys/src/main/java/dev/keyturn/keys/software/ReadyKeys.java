package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.vital.FaultLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.slf4j.LoggerFactory;

/**
 * RSA keys that were made while nobody waited, so that who asks for one need not wait for primes: a few of each size,
 * from the first time on that somebody asks for that size. They are made as any other and given out once each. Each that
 * is taken is made anew as work of the principal that took it, which takes at most half of a size before that is done: so
 * nobody empties it for the others, and who asks without end has none made in advance. The keys are in memory alone, and
 * zeroed at the end. Thread-safe.
 */
final class ReadyKeys implements AutoCloseable {
    private static final FaultLog FAULTS = new FaultLog(LoggerFactory.getLogger(ReadyKeys.class));

    /** One key; who takes it closes {@code pkcs8}. */
    record Ready(PublicPart.Rsa part, SecretBytes pkcs8) {}

    /** Makes one key of so many bits, with the usual exponent. */
    @FunctionalInterface
    interface Maker {
        Ready make(int bits) throws Exception;
    }

    /** Does work when it is its turn, and waits for it. */
    @FunctionalInterface
    interface Turn {
        Ready call(Callable<Ready> work) throws Exception;
    }

    private static final class Shelf {
        final Deque<Ready> ready = new ArrayDeque<>();
        /** Who took those that are not made anew yet. */
        final List<String> takers = new ArrayList<>();
        /** For whom those are that are being made or wait for it. */
        final List<String> coming = new ArrayList<>();

        static long of(List<String> those, String principal) {
            return those.stream().filter(principal::equals).count();
        }
    }

    private final int each;
    private final Maker maker;
    private final BiConsumer<String, Runnable> spare;
    private final Map<Integer, Shelf> shelves = new TreeMap<>();
    private boolean closed;

    /**
     * @param each how many of each size; none where zero
     * @param spare does work for a principal that nobody waits for, or drops it where the server stops
     */
    ReadyKeys(int each, Maker maker, BiConsumer<String, Runnable> spare) {
        this.each = each;
        this.maker = maker;
        this.spare = spare;
    }

    /** A key that nobody else gets: one that is ready now, or when it is the principal's turn, or one made then. */
    Ready get(int bits, String principal, Turn turn) throws Exception {
        Optional<Ready> present = take(bits, principal);
        Ready out = present.isPresent()
                ? present.get()
                : turn.call(() -> {
                    // The turn may have had to wait for one that was made in advance for this very principal.
                    Optional<Ready> meanwhile = take(bits, principal);
                    return meanwhile.isPresent() ? meanwhile.get() : maker.make(bits);
                });
        fill(bits, principal);
        return out;
    }

    /** A key that nobody else gets; empty where none is ready for this principal. */
    synchronized Optional<Ready> take(int bits, String principal) {
        Shelf shelf = shelves.get(bits);
        if (shelf == null || Shelf.of(shelf.takers, principal) >= half()) {
            return Optional.empty();
        }
        Optional<Ready> out = Optional.ofNullable(shelf.ready.poll());
        out.ifPresent(_ -> shelf.takers.add(principal));
        return out;
    }

    /**
     * Has those made that are missing of a size, as work of a principal that has just got a key of it; half of them at a
     * time, because that work waits for all else of the principal's, and others would wait with it.
     */
    synchronized void fill(int bits, String principal) {
        if (closed || each == 0) {
            return;
        }
        Shelf shelf = shelves.computeIfAbsent(bits, _ -> new Shelf());
        while (shelf.ready.size() + shelf.coming.size() < each && Shelf.of(shelf.coming, principal) < half()) {
            shelf.coming.add(principal);
            spare.accept(principal, () -> make(bits, principal));
        }
    }

    synchronized int ready(int bits) {
        Shelf shelf = shelves.get(bits);
        return shelf == null ? 0 : shelf.ready.size();
    }

    private void make(int bits, String principal) {
        Optional<Ready> made = Optional.empty();
        try {
            made = Optional.of(maker.make(bits));
        } catch (Exception e) { // the next that is asked for has it tried again
            FAULTS.tell("RSA-" + bits, "no key could be made in advance:", e);
        } finally {
            end(bits, principal, made);
        }
    }

    private synchronized void end(int bits, String principal, Optional<Ready> made) {
        Shelf shelf = shelves.get(bits);
        if (shelf == null) { // closed meanwhile
            made.ifPresent(key -> key.pkcs8().close());
            return;
        }
        shelf.coming.remove(principal);
        shelf.takers.remove(principal);
        if (made.isPresent()) {
            shelf.ready.add(made.get());
            fill(bits, principal);
        }
    }

    private int half() {
        return Math.max(1, each / 2);
    }

    @Override
    public synchronized void close() {
        closed = true;
        shelves.values().forEach(s -> s.ready.forEach(k -> k.pkcs8().close()));
        shelves.clear();
    }
}
