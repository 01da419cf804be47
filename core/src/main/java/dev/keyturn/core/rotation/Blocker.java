package dev.keyturn.core.rotation;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;

/** One reason why a rotation may not begin. A preflight returns all of them at once (R3, R7). */
public sealed interface Blocker {
    /** As a person and a client see it: code, sentence, and the resource it is about. */
    ErrorInfo info();

    /** R3: not stopped, as the server knows it or, with {@code onHost}, as its host says against the server. */
    record VmNotStopped(ArmId vm, PowerState power, boolean onHost, String host) implements Blocker {
        @Override
        public ErrorInfo info() {
            String how = onHost
                    ? "runs on host '" + host + "' although it is recorded as " + power.wire()
                    : "is in PowerState/" + power.wire();
            return ErrorInfo.at(
                    vm.toString(),
                    "VmNotStopped",
                    "VM '" + vm.name() + "' (resource group '" + vm.resourceGroup() + "') " + how
                            + ". Stop or deallocate it first.");
        }
    }

    /** R7: cannot be stopped, so its set cannot be rotated until it is deleted. */
    record EphemeralVm(ArmId vm) implements Blocker {
        @Override
        public ErrorInfo info() {
            return ErrorInfo.at(
                    vm.toString(),
                    "EphemeralVm",
                    "VM '" + vm.name() + "' (resource group '" + vm.resourceGroup()
                            + "') has an ephemeral OS disk, for which key rotation is not supported. Delete it"
                            + " before rotating, and give such VMs a disk encryption set of their own.");
        }
    }

    /** An operation (create, delete, attach) is at work on a VM of the set. */
    record VmBusy(ArmId vm, String state) implements Blocker {
        @Override
        public ErrorInfo info() {
            return ErrorInfo.at(
                    vm.toString(),
                    "VmBusy",
                    "VM '" + vm.name() + "' (resource group '" + vm.resourceGroup() + "') is in provisioning state "
                            + state + ". Wait until that operation has ended.");
        }
    }

    /** An operation is at work on a disk of the set that belongs to no VM. */
    record DiskBusy(ArmId disk, String state) implements Blocker {
        @Override
        public ErrorInfo info() {
            return ErrorInfo.at(
                    disk.toString(),
                    "DiskBusy",
                    "Disk '" + disk.name() + "' (resource group '" + disk.resourceGroup()
                            + "') is in provisioning state " + state + ". Wait until that operation has ended.");
        }
    }

    /** Another operation is at work on the set. */
    record SetBusy(ArmId set, String state, java.util.Optional<OperationId> rotation) implements Blocker {
        @Override
        public ErrorInfo info() {
            String what = rotation.map(r -> "another rotation is running (operation " + r + ")")
                    .orElse("it is in provisioning state " + state);
            return ErrorInfo.at(
                    set.toString(), "DiskEncryptionSetBusy", "Disk encryption set '" + set.name() + "': " + what + ".");
        }
    }

    /** The new key cannot be the CMK of a confidential set; {@code reason} says which rule it breaks. */
    record TargetUnusable(KeyId key, ErrorInfo reason) implements Blocker {
        @Override
        public ErrorInfo info() {
            return reason;
        }
    }

    /** A key version that artifacts are under cannot be unwrapped with any more. */
    record SourceUnusable(KeyId key, ErrorInfo reason) implements Blocker {
        @Override
        public ErrorInfo info() {
            return reason;
        }
    }

    /** A host that has images of the set does not answer. */
    record HostUnreachable(String host, ErrorInfo reason) implements Blocker {
        @Override
        public ErrorInfo info() {
            return reason;
        }
    }
}
