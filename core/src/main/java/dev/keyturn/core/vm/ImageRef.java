package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArtifactId;
import java.util.Optional;
import java.util.UUID;

/**
 * An artifact as a host knows it: the VM whose guest state it is or whose disk it is (the VM's id on the host; empty
 * for an unattached disk), the disk's unique id, and where an attached data disk is seen in the guest.
 */
public record ImageRef(
        ArtifactId artifact, ArtifactKind kind, Optional<UUID> vmId, Optional<UUID> diskId, Optional<Integer> lun) {}
