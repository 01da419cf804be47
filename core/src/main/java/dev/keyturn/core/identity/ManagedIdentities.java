package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;
import java.util.UUID;

/** Makes and finds the principals of resources. */
public interface ManagedIdentities {
    /** A new principal for the resource (a set's system-assigned identity, a user-assigned identity). */
    PrincipalId create(Tx tx, ArmId resource);

    /** The principal of a resource that has one. */
    Optional<PrincipalId> of(Tx tx, ArmId resource);

    /** The id that the principal of a resource has as an application, where the resource has a principal. */
    Optional<UUID> clientId(Tx tx, ArmId resource);

    /** Deletes the principal and all its role assignments. */
    void delete(Tx tx, ArmId resource);
}
