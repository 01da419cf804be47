package dev.keyturn.keys.software;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What waits, by whose it is: principals take turns, one item each, so that who has many waits longer and nobody else
 * does. The server's own work (a rotation, a machine that starts) has every second turn, however many principals wait.
 * A principal has a bounded number of items, those under way among them, and a bounded number under way, so that it
 * cannot occupy everything that works; the server's own has no bound but the whole's.
 * Thread-safe.
 */
final class Turns<T> {
    private final int most;
    private final int mostPerPrincipal;
    private final int mostUnderWay;
    private final Deque<T> own = new ArrayDeque<>();
    /** Who has something waiting, the next turn first. */
    private final Map<String, Deque<T>> lanes = new LinkedHashMap<>();
    /** Waiting and under way. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final Map<String, Integer> underWay = new HashMap<>();

    private int waiting;
    private boolean ownWasLast;

    /** @param mostUnderWay how many of one principal may be under way at once */
    Turns(int most, int mostPerPrincipal, int mostUnderWay) {
        this.most = most;
        this.mostPerPrincipal = mostPerPrincipal;
        this.mostUnderWay = mostUnderWay;
    }

    /** False where {@code principal}, or everybody together, has as many as there may be. Empty: the server itself. */
    synchronized boolean offer(Optional<String> principal, T item) {
        if (waiting >= most
                || principal.filter(p -> count(counts, p) >= mostPerPrincipal).isPresent()) {
            return false;
        }
        waiting++;
        principal.ifPresentOrElse(
                p -> {
                    counts.merge(p, 1, Integer::sum);
                    lanes.computeIfAbsent(p, _ -> new ArrayDeque<>()).add(item);
                },
                () -> own.add(item));
        return true;
    }

    /**
     * Whose turn it is, which is then under way until {@link #done}; empty where nothing waits that may begin. After
     * each {@code done} there may be something again.
     */
    synchronized Optional<T> next() {
        Optional<String> turn = lanes.keySet().stream()
                .filter(p -> count(underWay, p) < mostUnderWay)
                .findFirst();
        if (!own.isEmpty() && (!ownWasLast || turn.isEmpty())) {
            ownWasLast = true;
            waiting--;
            return Optional.of(own.remove());
        }
        ownWasLast = false;
        return turn.map(this::begin);
    }

    private T begin(String principal) {
        Deque<T> lane = Optional.ofNullable(lanes.remove(principal)).orElseThrow();
        T item = lane.remove();
        if (!lane.isEmpty()) {
            lanes.put(principal, lane); // behind all others
        }
        underWay.merge(principal, 1, Integer::sum);
        waiting--;
        return item;
    }

    /** Drops what has not begun; false where it has, or is done. */
    synchronized boolean drop(Optional<String> principal, T item) {
        boolean dropped = principal.isPresent() ? dropOf(principal.get(), item) : own.remove(item);
        if (dropped) {
            waiting--;
            principal.ifPresent(p -> less(counts, p));
        }
        return dropped;
    }

    /** One that {@link #next} gave out has ended. */
    synchronized void done(Optional<String> principal) {
        principal.ifPresent(p -> {
            less(counts, p);
            less(underWay, p);
        });
    }

    synchronized int waiting() {
        return waiting;
    }

    private boolean dropOf(String principal, T item) {
        Deque<T> lane = lanes.get(principal);
        if (lane == null || !lane.remove(item)) {
            return false;
        }
        if (lane.isEmpty()) {
            lanes.remove(principal);
        }
        return true;
    }

    private static int count(Map<String, Integer> map, String principal) {
        return map.getOrDefault(principal, 0);
    }

    private static void less(Map<String, Integer> map, String principal) {
        map.computeIfPresent(principal, (_, n) -> n == 1 ? null : n - 1);
    }
}
