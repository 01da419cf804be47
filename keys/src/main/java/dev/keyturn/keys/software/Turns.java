package dev.keyturn.keys.software;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What waits, by whose it is: principals take turns, one item each, so that who has many waits longer and nobody else
 * does. The server's own work (a rotation, a machine that starts) has every second turn, however many principals wait.
 * A principal has a bounded number of items, those under way among them; the server's own has no bound but the whole's.
 * Thread-safe.
 */
final class Turns<T> {
    private final int most;
    private final int mostPerPrincipal;
    private final Deque<T> own = new ArrayDeque<>();
    /** Who has something waiting, the next turn first. */
    private final Map<String, Deque<T>> lanes = new LinkedHashMap<>();
    /** Waiting and under way. */
    private final Map<String, Integer> counts = new HashMap<>();

    private int waiting;
    private boolean ownWasLast;

    Turns(int most, int mostPerPrincipal) {
        this.most = most;
        this.mostPerPrincipal = mostPerPrincipal;
    }

    /** False where {@code principal}, or everybody together, has as many as there may be. Empty: the server itself. */
    synchronized boolean offer(Optional<String> principal, T item) {
        if (waiting >= most
                || principal.filter(p -> count(p) >= mostPerPrincipal).isPresent()) {
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

    /** Whose turn it is, which is then under way until {@link #done}; empty where nothing waits. */
    synchronized Optional<T> next() {
        Iterator<Map.Entry<String, Deque<T>>> first = lanes.entrySet().iterator();
        if (!own.isEmpty() && (!ownWasLast || !first.hasNext())) {
            ownWasLast = true;
            waiting--;
            return Optional.of(own.remove());
        }
        ownWasLast = false;
        if (!first.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<String, Deque<T>> turn = first.next();
        String principal = turn.getKey();
        Deque<T> lane = turn.getValue();
        first.remove();
        T item = lane.remove();
        if (!lane.isEmpty()) {
            lanes.put(principal, lane);
        }
        waiting--;
        return Optional.of(item);
    }

    /** Drops what has not begun; false where it has, or is done. */
    synchronized boolean drop(Optional<String> principal, T item) {
        boolean dropped = principal.isPresent() ? dropOf(principal.get(), item) : own.remove(item);
        if (dropped) {
            waiting--;
            done(principal);
        }
        return dropped;
    }

    /** One that {@link #next} gave out has ended. */
    synchronized void done(Optional<String> principal) {
        principal.ifPresent(p -> counts.computeIfPresent(p, (_, n) -> n == 1 ? null : n - 1));
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

    private int count(String principal) {
        return counts.getOrDefault(principal, 0);
    }
}
