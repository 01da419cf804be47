package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Tx;
import java.util.Map;
import java.util.Optional;

/**
 * Each node's last checkpoint once more, kept so that who can write the database and has no master key cannot alter it:
 * what was done to checkpoints and to the records before them shows against it. Thread-safe.
 */
public interface LastCheckpoints {
    /** Keeps this one in the place of the node's last: in the transaction that adds it. */
    void keep(Tx tx, Checkpoint made);

    Kept kept(Tx tx);

    /**
     * What was kept.
     *
     * @param last by node
     * @param problem why nothing can be said: what was kept is gone, or was altered
     */
    record Kept(Map<String, Last> last, Optional<String> problem) {
        public static final Kept NOTHING = new Kept(Map.of(), Optional.empty());

        public Kept {
            last = Map.copyOf(last);
        }
    }

    /**
     * One node's last checkpoint.
     *
     * @param hash its {@link Checkpoint#own}, which is over all checkpoints before it too
     */
    record Last(long number, ChainHash hash) {
        public static Last of(Checkpoint checkpoint) {
            return new Last(checkpoint.number(), checkpoint.own());
        }
    }
}
