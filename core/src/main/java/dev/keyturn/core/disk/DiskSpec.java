package dev.keyturn.core.disk;

import dev.keyturn.core.model.ArmId;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants a disk of its own to be; texts as it wrote them. {@code image} is what an OS disk is made from. {@code set} is
 * {@code securityProfile.secureVMDiskEncryptionSetId}, the right place for a CVM's disk; {@code misplacedSet} is
 * {@code encryption.diskEncryptionSetId}, which is for disks that are encrypted at rest alone. Without a set the disk
 * is under the platform's key.
 */
public record DiskSpec(
        ArmId id,
        String location,
        Map<String, String> tags,
        String document,
        Optional<String> createOption,
        Optional<ArmId> image,
        Optional<String> osType,
        Optional<Integer> sizeGb,
        Optional<String> securityType,
        Optional<ArmId> set,
        Optional<ArmId> misplacedSet) {
    public DiskSpec {
        tags = Map.copyOf(tags);
    }
}
