package dev.keyturn.bench.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients asked for and what they were told, and therefore what may be found afterwards. Each thing is asked for by
 * one client alone, one request after the other. Thread-safe.
 */
final class Journal {
    static final String ABSENT = "absent";
    /** The target of what leaves nothing to look for. */
    static final String NO_TARGET = "";
    /** What is found of a target that the state of another one says everything about. */
    static final String UNSEEN = "unseen";

    /** What groups begin with that are written once and stay. */
    static final String SMALL_WRITES = "/resourceGroups/ack-";

    /** What the server said to a request. */
    enum Told {
        /** Nothing, or that it does not know: it may have been done. */
        NOTHING,
        ACKNOWLEDGED,
        REFUSED
    }

    /** One request. {@code effect} is what its target is after it. */
    static final class Entry {
        final String target;
        final String effect;
        final String what;
        /** Whether its failure leaves the target as it was; where not, it may be either, or failed. */
        final boolean whole;

        volatile Told told = Told.NOTHING;
        /** The path of its operation; empty where it has none. */
        volatile String operation = "";
        /** How the operation ended, as far as the client was told; empty before. */
        volatile String ended = "";

        private Entry(String target, String effect, String what, boolean whole) {
            this.target = target;
            this.effect = effect;
            this.what = what;
            this.whole = whole;
        }

        @Override
        public String toString() {
            return what + " -> " + effect + ": " + told + (operation.isEmpty() ? "" : " " + operation + " " + ended);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> initial = new TreeMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    /** What a target is before anybody asks; absent where nothing is said. */
    synchronized void initially(String target, String state) {
        initial.put(target, state);
    }

    synchronized Entry begin(String target, String effect, String what, boolean whole) {
        Entry entry = new Entry(target, effect, what, whole);
        entries.add(entry);
        return entry;
    }

    /** Says that the server answered with success. */
    void acknowledge(Entry entry, String operation) {
        entry.operation = operation;
        entry.told = Told.ACKNOWLEDGED;
        acknowledged.incrementAndGet();
    }

    int acknowledged() {
        return acknowledged.get();
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /**
     * What each target may be.
     *
     * @param ends how each operation has ended, by its path
     */
    synchronized Map<String, Set<String>> allowed(Map<String, String> ends) {
        Map<String, Set<String>> allowed = new LinkedHashMap<>();
        initial.forEach((target, state) -> allowed.put(target, new LinkedHashSet<>(Set.of(state))));
        for (Entry entry : entries) {
            Set<String> states = allowed.computeIfAbsent(entry.target, _ -> new LinkedHashSet<>(Set.of(ABSENT)));
            if (entry.told == Told.REFUSED) {
                continue;
            }
            boolean succeeded = entry.operation.isEmpty()
                    || ends.getOrDefault(entry.operation, "").equals("Succeeded");
            if (entry.told == Told.ACKNOWLEDGED && succeeded) {
                states.clear();
                states.add(entry.effect);
            } else if (entry.told == Told.NOTHING || !entry.whole) {
                states.add(entry.effect);
                if (!entry.whole) {
                    states.add("failed");
                }
            }
        }
        return allowed;
    }

    /** What was found and may not be. */
    List<String> violations(Map<String, String> ends, Map<String, String> found) {
        List<String> violations = new ArrayList<>();
        for (Entry entry : entries()) {
            String end = ends.getOrDefault(entry.operation, entry.ended);
            if (!entry.ended.isEmpty() && !end.equals(entry.ended)) {
                violations.add("an operation that had ended as " + entry.ended + " is " + end + ": " + entry);
            }
        }
        allowed(ends).forEach((target, states) -> {
            String state = target.equals(NO_TARGET) ? UNSEEN : found.getOrDefault(target, ABSENT);
            if (!state.equals(UNSEEN) && !states.contains(state)) {
                violations.add(target + " is " + state + ", and must be " + String.join(" or ", states));
            }
        });
        return violations;
    }

    /**
     * What was acknowledged and is not recorded once.
     *
     * @param groups how often the record has that a group was written, by its id in lower case
     */
    List<String> unrecorded(Map<String, Integer> groups) {
        List<String> violations = new ArrayList<>();
        for (Entry entry : entries()) {
            if (entry.told == Told.ACKNOWLEDGED && entry.target.startsWith(SMALL_WRITES)) {
                String end = entry.target.toLowerCase(Locale.ROOT);
                int times = groups.entrySet().stream()
                        .filter(g -> g.getKey().endsWith(end))
                        .mapToInt(Map.Entry::getValue)
                        .sum();
                if (times != 1) {
                    violations.add("acknowledged once and recorded " + times + " times: " + entry);
                }
            }
        }
        return violations;
    }
}
