package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;

/** The managed identity through which a set uses its key. */
public sealed interface SetIdentity {
    PrincipalId principal();

    /** Made with the set and deleted with it. */
    record SystemAssigned(PrincipalId principal) implements SetIdentity {}

    /** A {@code Microsoft.ManagedIdentity/userAssignedIdentities} resource. */
    record UserAssigned(ArmId resource, PrincipalId principal) implements SetIdentity {}
}
