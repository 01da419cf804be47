package dev.keyturn.core.disk;

import dev.keyturn.core.model.ArmId;
import java.util.Optional;
import java.util.UUID;

/** What disks need to know of the VM that they belong to. Hosts know it by {@code vmId}. */
public record DiskOwner(ArmId id, UUID vmId, Optional<ArmId> set, String host) {}
