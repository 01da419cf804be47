package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import java.util.List;
import java.util.Map;

/** How many artifacts of a set are under which key version: the active one first, present even with nothing under it. */
public record Census(DiskEncryptionSet set, List<Entry> entries) {
    public Census {
        entries = List.copyOf(entries);
    }

    public record Entry(KeyId key, Map<ArtifactKind, Long> counts) {
        public Entry {
            counts = Map.copyOf(counts);
        }

        public long total() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public long total() {
        return entries.stream().mapToLong(Entry::total).sum();
    }

    /** How many are under another key version than the active one. */
    public long underOthers() {
        return entries.stream()
                .filter(e -> !e.key().equals(set.activeKey()))
                .mapToLong(Entry::total)
                .sum();
    }

    /** Whether something of the set is not under its active key (R5). */
    public boolean split() {
        return underOthers() > 0;
    }
}
