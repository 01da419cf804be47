package dev.keyturn.core.disk;

import dev.keyturn.core.image.Image;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a {@link DiskSpec} by itself, all of it at once. */
public final class DiskRules {
    public static final int MAX_GB = 32_767;
    static final String IMAGE = "properties.creationData.imageReference.id";
    static final String CUSTOMER_KEY = "ConfidentialVM_DiskEncryptedWithCustomerKey";
    static final String PLATFORM_KEY = "ConfidentialVM_DiskEncryptedWithPlatformKey";

    private DiskRules() {}

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} with every problem */
    static void check(DiskSpec spec, boolean exists) {
        List<ErrorInfo> problems = new ArrayList<>();
        if (!exists) {
            creation(spec, problems);
        }
        spec.sizeGb()
                .filter(gb -> gb < 1 || gb > MAX_GB)
                .ifPresent(gb -> problems.add(DomainError.field(
                        "properties.diskSizeGB",
                        "'properties.diskSizeGB' must be between 1 and " + MAX_GB + ", not " + gb + ".")));
        spec.misplacedSet()
                .ifPresent(s -> problems.add(DomainError.field(
                        "properties.encryption.diskEncryptionSetId",
                        "The disk encryption set of a confidential VM's disk belongs into"
                                + " 'properties.securityProfile.secureVMDiskEncryptionSetId'; encryption at rest alone is not"
                                + " served.")));
        String at = "properties.securityProfile.securityType";
        spec.securityType().ifPresent(type -> {
            boolean customer = type.equalsIgnoreCase(CUSTOMER_KEY);
            if (!customer && !type.equalsIgnoreCase(PLATFORM_KEY)) {
                problems.add(DomainError.field(
                        at, "'" + at + "' must be " + CUSTOMER_KEY + " or " + PLATFORM_KEY + ", not '" + type + "'."));
            } else if (customer != spec.set().isPresent()) {
                problems.add(DomainError.field(
                        "properties.securityProfile.secureVMDiskEncryptionSetId",
                        customer
                                ? "'properties.securityProfile.secureVMDiskEncryptionSetId' is required with "
                                        + CUSTOMER_KEY + "."
                                : "A disk under the platform's key takes no disk encryption set."));
            }
        });
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
    }

    private static void creation(DiskSpec spec, List<ErrorInfo> problems) {
        NameRules.broken(spec.id())
                .ifPresent(rule -> problems.add(DomainError.field(
                        "name", "The name '" + spec.id().name() + "' is not one of a disk: " + rule + ".")));
        if (spec.location().isBlank()) {
            problems.add(DomainError.field("location", "'location' is required."));
        }
        String at = "properties.creationData.createOption";
        boolean fromImage = is(spec.createOption(), "FromImage");
        if (!fromImage && !is(spec.createOption(), "Empty")) {
            problems.add(DomainError.field(
                    at,
                    "'" + at + "' must be Empty or FromImage"
                            + spec.createOption().map(o -> ", not '" + o + "'").orElse("")
                            + "."));
        }
        if (fromImage && spec.image().isEmpty()) {
            problems.add(DomainError.field(
                    IMAGE, "'" + IMAGE + "' is required with FromImage: the id of a " + Image.TYPE + "."));
        }
        if (!fromImage && spec.image().isPresent()) {
            problems.add(DomainError.field(IMAGE, "'" + IMAGE + "' must be absent but with FromImage."));
        }
        if (!fromImage && spec.sizeGb().isEmpty()) {
            problems.add(DomainError.field("properties.diskSizeGB", "'properties.diskSizeGB' is required."));
        }
    }

    /** Whether the choice was made, in whatever case. */
    public static boolean is(Optional<String> value, String wanted) {
        return value.map(wanted::equalsIgnoreCase).orElse(false);
    }
}
