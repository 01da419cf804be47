package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.tx.Tx;
import java.util.List;

/**
 * One half of the interlock between rotations and everything else that touches a set's artifacts: to be asked in the
 * write transaction that begins the other thing. The other half is the preflight, which looks at busy VMs and power
 * states in the transaction that begins a rotation.
 */
public final class SetInterlock {
    private SetInterlock() {}

    /**
     * Refuses as {@code Conflict}, naming the rotation, while one is at work; and while the set is otherwise busy.
     *
     * @param what what cannot be done now, as in "VM 'a' cannot be <em>started</em>"
     */
    public static void requireNoRotation(DiskEncryptionSet set, String what) {
        set.rotation().ifPresent(r -> {
            throw DomainError.notAllowed(
                            "This cannot be " + what + " while the key of disk encryption set '"
                                    + set.id().name() + "' is being rotated (operation " + r
                                    + "). Wait until the rotation has ended.",
                            List.of(ErrorInfo.at(
                                    set.id().toString(),
                                    "DiskEncryptionSetRotating",
                                    "The rotation " + r + " is at work on '"
                                            + set.id().name() + "'.")))
                    .asException();
        });
        if (set.head().state().busy()) {
            throw DomainError.notAllowed("This cannot be " + what + " while disk encryption set '"
                            + set.id().name() + "' is in provisioning state "
                            + set.head().state().wire() + ".")
                    .asException();
        }
    }

    /** The set that a new VM or disk asks for, as far as it may be used by one in that region. */
    public static DiskEncryptionSet requireJoinable(
            Tx tx, DiskSetStore sets, ArmId id, String location, String field, String what) {
        DiskEncryptionSet set = sets.find(tx, id)
                .orElseThrow(() -> DomainError.invalid(
                                field,
                                "'" + field + "' names the disk encryption set '" + id + "', which is not there.")
                        .asException());
        Region mine = new Region(location);
        Region its = new Region(set.head().location());
        if (!mine.equals(its)) {
            throw DomainError.invalid(
                            field,
                            "'" + field + "' names a disk encryption set in region '" + its
                                    + "'; it must be in the same region, '" + mine + "'.")
                    .asException();
        }
        requireNoRotation(set, what);
        return set;
    }
}
