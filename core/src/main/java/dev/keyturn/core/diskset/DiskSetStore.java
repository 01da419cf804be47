package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of disk encryption sets; the head row goes along with every call. */
@CheckReturnValue
public interface DiskSetStore {
    /** Notes when the loss of the set's key was noticed, by the server's time. */
    void keyLost(Tx tx, ArmId set, Instant seen);

    /** What was noted last; empty where nothing was. */
    Optional<Instant> keyLost(Tx tx, ArmId set);

    /** Missed, and nothing changed, where the id is taken. */
    Hit insert(Tx tx, DiskEncryptionSet set);

    Optional<DiskEncryptionSet> find(Tx tx, ArmId id);

    /** Replaces it where the stored revision is one less than the given one; missed where it is not. */
    Hit update(Tx tx, DiskEncryptionSet set);

    Hit delete(Tx tx, ArmId id);

    /** By id, as {@link dev.keyturn.core.resource.ResourceStore#page}. */
    List<DiskEncryptionSet> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit);

    /** As the other, of a group, or of all where none is named. */
    default List<DiskEncryptionSet> page(
            Tx tx, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return page(tx, subscription, Reach.in(group), after, limit);
    }

    /** All sets whose VMs may have to be watched for the kill switch: those with a CVM that is not stopped. */
    List<ArmId> withRunningVms(Tx tx);

    /** The sets that use their keys as this principal, by id. */
    List<ArmId> ofPrincipal(Tx tx, PrincipalId principal);
}
