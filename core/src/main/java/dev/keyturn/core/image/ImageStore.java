package dev.keyturn.core.image;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of managed images; the head row goes along with every call. */
@CheckReturnValue
public interface ImageStore {
    /** Missed, and nothing changed, where the id is taken. */
    Hit insert(Tx tx, Image image);

    Optional<Image> find(Tx tx, ArmId id);

    /** Replaces it where the stored revision is one less than the given one; missed where it is not. */
    Hit update(Tx tx, Image image);

    Hit delete(Tx tx, ArmId id);

    /** By id, as {@link dev.keyturn.core.resource.ResourceStore#page}. */
    List<Image> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<Image> page(Tx tx, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return page(tx, subscription, Reach.in(group), after, limit);
    }
}
