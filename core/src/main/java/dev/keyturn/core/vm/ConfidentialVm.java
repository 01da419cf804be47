package dev.keyturn.core.vm;

import dev.keyturn.core.disk.DiskOwner;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Resource;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A confidential VM. {@code set} is empty for one under the platform's key (R1); it never changes. {@code host} is the
 * name of the host it was placed on and stays on. {@code power} is what was last known; the host has the last word.
 * {@code fault} is why the last start or stop failed, why it was shut down by the kill switch, or how its guest ended
 * where that was no orderly end; the next start or stop that is asked for clears it.
 */
public record ConfidentialVm(
        Resource head,
        UUID vmId,
        Hardware hardware,
        SecurityEncryption encryption,
        Optional<ArmId> set,
        String host,
        boolean ephemeral,
        PowerState power,
        Instant powerSince,
        Optional<ErrorInfo> fault) {
    public static final String TYPE = "Microsoft.Compute/virtualMachines";

    public ArmId id() {
        return head.id();
    }

    public ConfidentialVm with(Resource newHead) {
        return new ConfidentialVm(newHead, vmId, hardware, encryption, set, host, ephemeral, power, powerSince, fault);
    }

    /** Takes effect at the next start. */
    public ConfidentialVm with(Hardware newHardware) {
        return new ConfidentialVm(head, vmId, newHardware, encryption, set, host, ephemeral, power, powerSince, fault);
    }

    public ConfidentialVm in(PowerState next, Instant now, Optional<ErrorInfo> newFault) {
        return new ConfidentialVm(head, vmId, hardware, encryption, set, host, ephemeral, next, now, newFault);
    }

    /** As its disks know it. */
    public DiskOwner asOwner() {
        return new DiskOwner(id(), vmId, set, host);
    }

    /** As its host starts it. */
    public Machine machine() {
        return new Machine(vmId, id().name(), hardware);
    }
}
