package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import java.util.List;

/**
 * The {@code identity} of a set as a client asks for it: {@code type} in Azure's spelling ({@code SystemAssigned},
 * {@code UserAssigned}), and the keys of {@code userAssignedIdentities}.
 */
public record IdentitySpec(String type, List<ArmId> userAssigned) {
    public static final IdentitySpec SYSTEM_ASSIGNED = new IdentitySpec("SystemAssigned", List.of());

    public IdentitySpec {
        userAssigned = List.copyOf(userAssigned);
    }

    public static IdentitySpec userAssigned(ArmId identity) {
        return new IdentitySpec("UserAssigned", List.of(identity));
    }
}
