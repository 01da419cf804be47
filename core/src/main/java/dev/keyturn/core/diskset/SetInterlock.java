package dev.keyturn.core.diskset;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
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
}
