package dev.keyturn.core.vm;

import dev.keyturn.core.model.ArmId;
import java.util.Optional;

/**
 * One entry of {@code storageProfile.dataDisks} as a client asks for it; texts as it wrote them. {@code disk} is
 * {@code managedDisk.id}; {@code set} comes from either place a set can be written in. An entry with
 * {@code toBeDetached} counts as absent.
 */
public record DataDiskSpec(
        int lun,
        Optional<String> name,
        Optional<String> createOption,
        Optional<Integer> sizeGb,
        Optional<String> deleteOption,
        Optional<ArmId> disk,
        Optional<ArmId> set,
        boolean toBeDetached) {}
