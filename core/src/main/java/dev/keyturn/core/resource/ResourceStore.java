package dev.keyturn.core.resource;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * The heads of all resources of all types. A feature's own rows (a VM, a set) hang on them and are read through that
 * feature's store.
 */
@CheckReturnValue
public interface ResourceStore {
    /** Missed, and nothing changed, where the id is taken. */
    Hit insert(Tx tx, Resource resource);

    Optional<Resource> find(Tx tx, ArmId id);

    /** Replaces the head where the stored revision is one less than the given one; missed where it is not. */
    Hit update(Tx tx, Resource resource);

    /** Deletes the head and every row that hangs on it; missed where there was none. */
    Hit delete(Tx tx, ArmId id);

    /** Where the subscription has resources and groups, each location once, in order. */
    List<String> locations(Tx tx, String subscription);

    /** How many there are in a group, of any type; the group itself is none of them. */
    long count(Tx tx, ArmId group);

    /**
     * One page of what the reach covers, in the order of ids. {@code type} narrows it where present; {@code after} is the
     * {@link ArmId#key()} of the last one of the page before. Resource groups are only in a page of their own type.
     */
    List<Resource> page(
            Tx tx, String subscription, Reach reach, Optional<String> type, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<Resource> page(
            Tx tx,
            String subscription,
            Optional<String> group,
            Optional<String> type,
            Optional<String> after,
            int limit) {
        return page(tx, subscription, Reach.in(group), type, after, limit);
    }
}
