package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.ArmId;
import java.util.Locale;

/** What people call a resource of a type. */
public final class Noun {
    private Noun() {}

    public static String of(ArmId id) {
        return switch (id.type().toLowerCase(Locale.ROOT)) {
            case "microsoft.keyvault/vaults" -> "key vault";
            case "microsoft.keyvault/vaults/keys" -> "key";
            case "microsoft.keyvault/managedhsms" -> "managed HSM";
            case "microsoft.compute/virtualmachines" -> "virtual machine";
            case "microsoft.compute/diskencryptionsets" -> "disk encryption set";
            case "microsoft.compute/disks" -> "disk";
            case "microsoft.compute/images" -> "image";
            case "microsoft.managedidentity/userassignedidentities" -> "identity";
            default -> id.type();
        };
    }
}
