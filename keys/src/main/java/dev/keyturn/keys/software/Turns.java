package dev.keyturn.keys.software;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits, by whose it is: principals take turns, one item each, so that who has many waits longer and nobody else
 * does. The server's own work (a rotation, a machine that starts) has every second turn, however many principals wait.
 * A principal has a bounded number of items, those under way among them, and a bounded number under way, so that it
 * cannot occupy everything that works; the server's own has no bound but the whole's. Spare work, which nobody waits
 * for, is a principal's too, and is done once nothing else of that principal is here. Thread-safe.
 */
final class Turns<T> {
    private final int most;
    private final int mostPerPrincipal;
    private final int mostUnderWay;
    private final int mostSpare;
    private final Deque<T> own = new ArrayDeque<>();
    private final List<Spare<T>> spare = new ArrayList<>();
    /** Who has something waiting, the next turn first. */
    private final Map<String, Deque<T>> lanes = new LinkedHashMap<>();
    /** Waiting and under way. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final Map<String, Integer> underWay = new HashMap<>();

    private int waiting;
    private boolean ownWasLast;
    private int spareUnderWay;

    private record Spare<T>(String principal, T item) {}

    /**
     * @param mostUnderWay how many of one principal may be under way at once
     * @param mostSpare how many pieces of spare work may be under way at once
     */
    Turns(int most, int mostPerPrincipal, int mostUnderWay, int mostSpare) {
        this.mostSpare = mostSpare;
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

    /** For work that nobody waits for: its turn comes when nothing else may begin, and after all that is the principal's. */
    synchronized void offerSpare(String principal, T item) {
        waiting++;
        spare.add(new Spare<>(principal, item));
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
        return turn.map(this::begin).or(this::beginSpare);
    }

    private Optional<T> beginSpare() {
        if (spareUnderWay == mostSpare) {
            return Optional.empty();
        }
        Optional<Spare<T>> next = spare.stream()
                .filter(s -> count(counts, s.principal()) == 0 && count(underWay, s.principal()) < mostUnderWay)
                .findFirst();
        next.ifPresent(s -> {
            spare.remove(s);
            spareUnderWay++;
            underWay.merge(s.principal(), 1, Integer::sum);
            waiting--;
        });
        return next.map(Spare::item);
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

    /** The spare work that {@link #next} gave out has ended. */
    synchronized void doneSpare(String principal) {
        spareUnderWay--;
        less(underWay, principal);
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
