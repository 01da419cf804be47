package dev.keyturn.core.audit;

import dev.keyturn.core.tx.Tx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Last checkpoints in memory. */
public final class TestLasts implements LastCheckpoints {
    final Map<String, Last> last = new HashMap<>();
    Optional<String> problem = Optional.empty();

    @Override
    public void keep(Tx tx, Checkpoint made) {
        last.put(made.node(), Last.of(made));
    }

    @Override
    public Kept kept(Tx tx) {
        return new Kept(last, problem);
    }
}
