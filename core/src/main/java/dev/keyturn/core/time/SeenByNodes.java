package dev.keyturn.core.time;

import dev.keyturn.core.time.Elapsed.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What every node has seen of time: a line for each, {@code seen|wall|up|boot|node}. The line of a server that has no name
 * ends before the last bar; it is the next one's that has one, because there was no other server then.
 */
record SeenByNodes(Map<String, SeenState> lines) {
    static final String UNNAMED = "";

    SeenByNodes {
        lines = Collections.unmodifiableMap(new TreeMap<>(lines));
    }

    static SeenByNodes parse(Optional<String> text) {
        Map<String, SeenState> lines = new TreeMap<>();
        text.stream().flatMap(String::lines).forEach(line -> {
            String[] parts = line.split("\\|", 5);
            Reading reading = new Reading(parts[3], Duration.parse(parts[2]));
            lines.put(
                    parts.length > 4 ? parts[4] : UNNAMED,
                    new SeenState(Instant.parse(parts[0]), Instant.parse(parts[1]), reading));
        });
        return new SeenByNodes(lines);
    }

    String text() {
        return lines.entrySet().stream()
                .map(e -> {
                    SeenState s = e.getValue();
                    String line = s.seen() + "|" + s.wall() + "|" + s.reading().up() + "|"
                            + s.reading().boot();
                    return e.getKey().equals(UNNAMED) ? line : line + "|" + e.getKey();
                })
                .collect(Collectors.joining("\n"));
    }

    Optional<SeenState> of(String node) {
        return Optional.ofNullable(lines.get(node)).or(() -> Optional.ofNullable(lines.get(UNNAMED)));
    }

    /** The furthest that any other node has seen. */
    Optional<Instant> others(String node) {
        return lines.entrySet().stream()
                .filter(e -> !e.getKey().equals(node) && !e.getKey().equals(UNNAMED))
                .map(e -> e.getValue().seen())
                .max(Instant::compareTo);
    }

    /** With this in the place of the node's line, and without lines of nodes that have been away for long. */
    SeenByNodes with(String node, SeenState state) {
        Map<String, SeenState> all = new TreeMap<>(lines);
        all.remove(UNNAMED);
        all.values().removeIf(s -> s.seen().plus(SeenTime.DOWN).isBefore(state.seen()));
        all.put(node, state);
        return new SeenByNodes(all);
    }
}
