package dev.keyturn.core.artifact;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Optional;

/**
 * An artifact and the VM that has it, for what is said to people: the VM that owns it, or that the disk which owns it is
 * attached to. {@code vm} is empty where no VM has it.
 */
public record HeldArtifact(Artifact artifact, Optional<ArmId> vm) {

    /** What a person calls it: {@code VM 'web1': OS disk 'web1_os'}. */
    public String describe() {
        ArmId owner = artifact.owner();
        String words = artifact.kind().words();
        String named = vm.equals(Optional.of(owner)) ? words : words + " '" + owner.name() + "'";
        String alone = artifact.kind().attachable() ? named + " (unattached)" : named;
        return vm.map(v -> "VM '" + v.name() + "': " + named).orElse(alone);
    }

    /** What an error about it points at: the VM, or the owner where no VM has it. */
    public ArmId target() {
        return vm.orElseGet(artifact::owner);
    }

    /** What a host says of "its image", said with a name. */
    public ErrorInfo problem(ErrorInfo why) {
        return ErrorInfo.at(target().toString(), why.code(), describe() + ": " + why.message())
                .with(why.details());
    }
}
