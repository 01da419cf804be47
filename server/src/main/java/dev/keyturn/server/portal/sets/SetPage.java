package dev.keyturn.server.portal.sets;

import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Trouble;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One disk encryption set.
 *
 * @param id its ARM id
 * @param delete where it is deleted; absent for who may not
 * @param href the address of this page
 * @param principal the object id of the identity that it uses its key as
 * @param again the address to fetch the page from again while something is under way
 * @param warnings what should be known of it
 */
public record SetPage(
        SetBar bar,
        String id,
        Optional<String> delete,
        String location,
        String href,
        String again,
        KeyLook key,
        String usesKeyAs,
        String principal,
        Optional<Instant> lastRotated,
        Optional<Trouble> lastError,
        List<String> warnings,
        List<Row> census,
        List<Disk> disks,
        String moreDisks,
        List<RotationLine> rotations,
        Optional<Proof> proof,
        Optional<LastProof> last,
        Optional<Unanswered> unanswered,
        boolean mayChange,
        boolean mayVerify) {
    public SetPage {
        warnings = List.copyOf(warnings);
        census = List.copyOf(census);
        disks = List.copyOf(disks);
        rotations = List.copyOf(rotations);
    }

    /** A key version and what is under it, by kind, in the order of {@link #kinds}. */
    public record Row(KeyLook key, boolean active, List<Long> counts, long total) {
        public Row {
            counts = List.copyOf(counts);
        }
    }

    /** A disk that is under the set. */
    public record Disk(String name, String href, String group) {}

    /** A verification behind the last one with an answer that came to none. */
    public record Unanswered(Instant ended, String by, Optional<Trouble> why) {}

    /** The proof that every artifact opens, as far as it has come. */
    public record Proof(
            String state,
            String word,
            Optional<Integer> percent,
            Instant begun,
            Optional<Instant> ended,
            Optional<Trouble> error) {
        public boolean running() {
            return ended.isEmpty();
        }
    }

    public List<String> kinds() {
        return SetPages.KINDS.stream()
                .map(k -> k.substring(0, 1).toUpperCase(Locale.ROOT) + k.substring(1))
                .toList();
    }

    public boolean moving() {
        return bar.moving() || proof.filter(Proof::running).isPresent();
    }
}
