package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.FewNames;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is under a set, and so keeps it from being deleted. */
final class SetUsers {
    /** A refusal has details for this many of each kind; its message has the whole counts. */
    private static final int DETAILED = 100;

    private SetUsers() {}

    /** @throws dev.keyturn.core.model.DomainException {@code OperationNotAllowed} with a detail per user */
    static void requireNone(Tx tx, DiskSetParts parts, DiskEncryptionSet set) {
        List<ArmId> vms = parts.vms().under(tx, set.id(), Optional.empty(), DETAILED);
        List<ArmId> disks = parts.disks().under(tx, set.id(), Optional.empty(), DETAILED);
        long artifacts = parts.artifacts().count(tx, set.id());
        if (vms.isEmpty() && disks.isEmpty() && artifacts == 0) {
            return;
        }
        List<ErrorInfo> details = new ArrayList<>();
        vms.forEach(v -> details.add(user(v, "VM")));
        disks.forEach(d -> details.add(user(d, "disk")));
        throw DomainError.notAllowed(
                        "Disk encryption set '" + set.id().name() + "' cannot be deleted: "
                                + count(parts.vms().count(tx, set.id()), "VMs", vms) + ", "
                                + count(parts.disks().count(tx, set.id()), "disks", disks) + " and " + artifacts
                                + " encrypted artifacts are under it. Delete those first.",
                        details)
                .asException();
    }

    /** {@code 12 VMs ('a', 'b' and 10 more)}. */
    private static String count(long all, String what, List<ArmId> some) {
        return all + " " + what + (all == 0 || some.isEmpty() ? "" : " " + FewNames.of(some, all));
    }

    private static ErrorInfo user(ArmId id, String what) {
        return ErrorInfo.at(
                id.toString(),
                "DiskEncryptionSetInUse",
                "The " + what + " '" + id.name() + "' (resource group '" + id.resourceGroup() + "') is under the set.");
    }
}
