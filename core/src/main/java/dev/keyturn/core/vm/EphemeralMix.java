package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/** R7: the warning that ephemeral and other CVMs share a disk encryption set. */
final class EphemeralMix {
    private EphemeralMix() {}

    /** Empty without a set, and where all CVMs of the set are of one kind. */
    static List<ErrorInfo> warnings(Tx tx, VmStore vms, Optional<ArmId> set) {
        if (set.isEmpty()) {
            return List.of();
        }
        long ephemeral = vms.countEphemeral(tx, set.get());
        long others = vms.count(tx, set.get()) - ephemeral;
        if (ephemeral == 0 || others == 0) {
            return List.of();
        }
        return List.of(ErrorInfo.at(
                set.get().toString(),
                "EphemeralVmSharesDiskEncryptionSet",
                "Disk encryption set '" + set.get().name() + "' serves " + ephemeral
                        + " VMs with an ephemeral OS disk and " + others
                        + " without. Its key cannot be rotated until the ephemeral ones are deleted; give them a disk"
                        + " encryption set of their own."));
    }
}
