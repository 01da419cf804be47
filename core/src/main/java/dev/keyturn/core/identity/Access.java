package dev.keyturn.core.identity;

/**
 * Says what a principal may do. Actions are Azure's names, control plane ({@code
 * Microsoft.Compute/diskEncryptionSets/write}) and data plane ({@code Microsoft.KeyVault/vaults/keys/wrap/action},
 * {@code Microsoft.KeyVault/managedHsm/keys/wrap/action}) alike. Deny by default: only a role assignment allows.
 * Thread-safe; a change of an assignment holds from the next question on.
 */
public interface Access {
    boolean may(PrincipalId who, String action, Scope scope);

    /** Refuses as {@code Forbidden} with Azure's AuthorizationFailed, naming principal, action and scope. */
    void require(Caller caller, String action, Scope scope);
}
