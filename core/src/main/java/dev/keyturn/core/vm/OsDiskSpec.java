package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArmId;
import java.util.Optional;

/**
 * {@code storageProfile.osDisk} as a client asks for it; texts as it wrote them. {@code disk} is {@code managedDisk.id};
 * {@code set} the set in {@code managedDisk.securityProfile.diskEncryptionSet.id}, the right place;
 * {@code misplacedSet} the one in {@code managedDisk.diskEncryptionSet.id}, where it may not be on a CVM;
 * {@code osType} is the operating system that the disk is said to have; {@code diffDiskOption} is {@code diffDiskSettings.option}.
 */
public record OsDiskSpec(
        Optional<String> name,
        Optional<String> createOption,
        Optional<Integer> sizeGb,
        Optional<String> deleteOption,
        Optional<String> osType,
        Optional<String> diffDiskOption,
        Optional<ArmId> disk,
        Optional<String> securityEncryptionType,
        Optional<ArmId> set,
        Optional<ArmId> misplacedSet) {}
