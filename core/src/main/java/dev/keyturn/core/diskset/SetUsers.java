package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is under a set, and so keeps it from being deleted. */
final class SetUsers {
    /** A refusal names this many of each kind; its message has the whole counts. */
    private static final int NAMED = 100;

    private SetUsers() {}

    /** @throws dev.keyturn.core.model.DomainException {@code OperationNotAllowed} with a detail per user */
    static void requireNone(Tx tx, DiskSetParts parts, DiskEncryptionSet set) {
        List<ErrorInfo> users = new ArrayList<>();
        parts.vms().ofSet(tx, set.id(), Optional.empty(), NAMED).forEach(v -> users.add(user(v.id(), "VM")));
        parts.disks().ofSet(tx, set.id(), Optional.empty(), NAMED).forEach(d -> users.add(user(d.id(), "disk")));
        long artifacts = parts.artifacts().count(tx, set.id());
        if (users.isEmpty() && artifacts == 0) {
            return;
        }
        long vms = parts.vms().count(tx, set.id());
        long disks = parts.disks().count(tx, set.id());
        throw DomainError.notAllowed(
                        "Disk encryption set '" + set.id().name() + "' cannot be deleted: " + vms + " VMs, " + disks
                                + " disks and " + artifacts
                                + " encrypted artifacts are under it. Delete those first.",
                        users)
                .asException();
    }

    private static ErrorInfo user(ArmId id, String what) {
        return ErrorInfo.at(
                id.toString(),
                "DiskEncryptionSetInUse",
                "The " + what + " '" + id.name() + "' (resource group '" + id.resourceGroup() + "') is under the set.");
    }
}
