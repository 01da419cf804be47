package dev.keyturn.core.host;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import java.util.Optional;
import java.util.UUID;

/**
 * An artifact as a host knows it: the VM whose guest state it is or whose disk it is (the VM's id on the host; empty
 * for an unattached disk), the disk's unique id, where an attached data disk is seen in the guest, and what a disk's
 * image was made as, by which a host sees that a part of it is gone. {@code made} is empty for a guest state, whose size
 * is the host's own matter.
 */
public record ArtifactImage(
        ArtifactId artifact,
        ArtifactKind kind,
        Optional<UUID> vmId,
        Optional<UUID> diskId,
        Optional<Integer> lun,
        Optional<Made> made) {

    /** A disk of {@code sizeGb}; {@code filled} from an image when it was made, so that there is something in it. */
    public record Made(int sizeGb, boolean filled) {}

    /** The same, at no VM. */
    public ArtifactImage unattached() {
        return new ArtifactImage(artifact, kind, Optional.empty(), diskId, lun, made);
    }

    /** One of which is not known what it was made as. */
    public ArtifactImage(
            ArtifactId artifact, ArtifactKind kind, Optional<UUID> vmId, Optional<UUID> diskId, Optional<Integer> lun) {
        this(artifact, kind, vmId, diskId, lun, Optional.empty());
    }
}
