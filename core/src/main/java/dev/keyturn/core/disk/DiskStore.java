package dev.keyturn.core.disk;

import dev.keyturn.core.diskset.SetMembers;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** The rows of disks; the head row goes along with every call. */
@CheckReturnValue
public interface DiskStore {
    /** Missed, and nothing changed, where the id is taken. */
    Hit insert(Tx tx, Disk disk);

    Optional<Disk> find(Tx tx, ArmId id);

    /** Replaces it where the stored revision is one less than the given one; missed where it is not. */
    Hit update(Tx tx, Disk disk);

    Hit delete(Tx tx, ArmId id);

    /** By id, as {@link dev.keyturn.core.resource.ResourceStore#page}. */
    List<Disk> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<Disk> page(Tx tx, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return page(tx, subscription, Reach.in(group), after, limit);
    }

    /** As {@link #page}, of those that {@code filter} lets through. */
    List<Disk> find(Tx tx, String subscription, Reach reach, DiskFilter filter, Optional<String> after, int limit);

    /** OS disk first, then data disks by lun. */
    List<Disk> ofVm(Tx tx, ArmId vm);

    /** Disks of a set by id, from after {@code after}. */
    List<Disk> ofSet(Tx tx, ArmId set, Optional<String> after, int limit);

    long count(Tx tx, ArmId set);

    /** Disks of the set that belong to no VM and that an operation is at work on, by id. */
    List<Disk> busy(Tx tx, ArmId set);

    /** The disks as what keeps a set from being deleted. */
    default SetMembers members() {
        return new SetMembers() {
            @Override
            public List<ArmId> under(Tx tx, ArmId set, Optional<String> after, int limit) {
                return ofSet(tx, set, after, limit).stream().map(Disk::id).toList();
            }

            @Override
            public long count(Tx tx, ArmId set) {
                return DiskStore.this.count(tx, set);
            }
        };
    }
}
