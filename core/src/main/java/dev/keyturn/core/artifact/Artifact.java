package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import java.util.Optional;

/**
 * One encrypted thing and its envelope. {@code vm} is empty for a disk that is attached to none; {@code disk} for a
 * guest state; {@code set} where it is under the platform's key (R1). {@code host} is the name of the host that has
 * its image. {@code revision} grows with each new envelope: a re-wrap is a compare-and-set on it.
 */
public record Artifact(
        ArtifactId id,
        ArtifactKind kind,
        Optional<ArmId> vm,
        Optional<ArmId> disk,
        Optional<ArmId> set,
        String host,
        Envelope envelope,
        long revision) {

    /** What a person calls it: {@code VM 'web1': OS disk 'web1_os'}. */
    public String describe() {
        String what = switch (kind) {
            case GUEST_STATE -> "guest state";
            case OS_DISK -> "OS disk";
            case DATA_DISK -> "data disk";
        };
        String named = disk.map(d -> what + " '" + d.name() + "'").orElse(what);
        return vm.map(v -> "VM '" + v.name() + "': " + named).orElse(named + " (unattached)");
    }
}
