package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** Makes and finds the principals of resources. */
public interface ManagedIdentities {
    /** A new principal for the resource (a set's system-assigned identity, a user-assigned identity). */
    PrincipalId create(Tx tx, ArmId resource);

    /** The principal of a resource that has one. */
    Optional<PrincipalId> of(Tx tx, ArmId resource);

    /** Deletes the principal and all its role assignments. */
    void delete(Tx tx, ArmId resource);
}
