package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.server.portal.frame.Condition;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A set as a bar: how much of it is under which key version.
 *
 * @param since when the active key became that
 * @param vms how many VMs are under it; absent for who is not told
 * @param state its class in the style: {@code done}, {@code working}, {@code warning}, {@code error}
 */
public record SetBar(
        String name,
        String group,
        String href,
        String state,
        String word,
        KeyLook active,
        Instant since,
        Optional<Long> vms,
        long artifacts,
        List<Part> parts) {
    public SetBar {
        parts = List.copyOf(parts);
    }

    /** One key version of the bar; {@code x} and {@code width} are of a hundred. */
    public record Part(KeyLook key, long artifacts, double x, double width) {}

    public static SetBar of(Census census) {
        DiskEncryptionSet set = census.set();
        long total = census.total();
        List<Part> parts = new ArrayList<>();
        double x = 0;
        for (Census.Entry entry : census.entries()) {
            if (entry.total() > 0) {
                double width = Math.max(0.6, 100.0 * entry.total() / total);
                parts.add(new Part(KeyLook.of(entry.key()), entry.total(), x, Math.min(width, 100 - x)));
                x += width;
            }
        }
        boolean split = census.split();
        return new SetBar(
                set.id().name(),
                set.id().resourceGroup(),
                Links.set(set.id()),
                state(set, split),
                word(set, split),
                KeyLook.of(set.activeKey()),
                set.lastRotatedAt().orElse(set.head().createdAt()),
                Optional.empty(),
                total,
                parts);
    }

    /** With the number of VMs, each of which has one guest state. */
    SetBar counting(Census census) {
        long guests = census.entries().stream()
                .mapToLong(e -> e.counts().getOrDefault(ArtifactKind.GUEST_STATE, 0L))
                .sum();
        return new SetBar(name, group, href, state, word, active, since, Optional.of(guests), artifacts, parts);
    }

    public boolean moving() {
        return state.equals("working");
    }

    private static String state(DiskEncryptionSet set, boolean split) {
        if (set.rotation().isPresent()) {
            return "working";
        }
        if (set.keyLostAt().isPresent() || set.lastRotationError().isPresent()) {
            return "error";
        }
        return split ? "warning" : Condition.of(set.head().state()).mark();
    }

    private static String word(DiskEncryptionSet set, boolean split) {
        if (set.rotation().isPresent()) {
            return "Changing its key";
        }
        if (set.keyLostAt().isPresent()) {
            return "Key lost";
        }
        if (set.lastRotationError().isPresent()) {
            return split ? "Split: key change failed" : "Key change failed";
        }
        return split ? "Split" : Condition.of(set.head().state()).word();
    }
}
