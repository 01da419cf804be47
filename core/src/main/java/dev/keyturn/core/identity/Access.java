package dev.keyturn.core.identity;

import dev.keyturn.core.tx.Tx;

/**
 * Says what a principal may do. Actions are Azure's names, control plane ({@code
 * Microsoft.Compute/diskEncryptionSets/write}) and data plane ({@code Microsoft.KeyVault/vaults/keys/wrap/action},
 * {@code Microsoft.KeyVault/managedHsm/keys/wrap/action}) alike. Deny by default: only a role assignment allows.
 * Thread-safe; a change of an assignment holds from the next question on.
 */
public interface Access {
    /**
     * Asked inside a transaction of the caller's: nothing can change between the question and what the same transaction
     * does.
     */
    boolean may(Tx tx, PrincipalId who, String action, Scope scope);
}
