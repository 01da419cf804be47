package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;

/**
 * Who may change what decides about a vault's keys. As in Azure, {@code enableRbacAuthorization} of a vault that exists
 * changes, in either direction, only for who may assign roles at it: otherwise whoever may write a vault could take its
 * keys from the roles and give them to itself by an access policy. Asked in the transaction that changes the vault, of
 * the vault as it is there.
 */
final class PermissionModel {
    static final String ACTION = "Microsoft.Authorization/roleAssignments/write";

    private final Access access;

    PermissionModel(Access access) {
        this.access = access;
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Forbidden} in Azure's words, with what would be needed */
    void requireMayChange(Tx tx, Caller caller, Vault old, VaultSpec spec) {
        boolean changes = old.kind() == VaultKind.VAULT
                && spec.rbac().filter(r -> r != old.rbac()).isPresent();
        Scope scope = Scope.of(old.resource().id());
        if (changes && !access.may(tx, caller.principal(), ACTION, scope)) {
            throw new DomainError.Forbidden(ErrorInfo.at(
                            "properties.enableRbacAuthorization",
                            "InsufficientPermissions",
                            "Caller is not allowed to change permission model. 'properties.enableRbacAuthorization' of"
                                    + " vault '" + old.name() + "' is " + old.rbac() + "; changing it decides who may"
                                    + " use its keys and takes the action '" + ACTION + "' over scope '" + scope
                                    + "', which the client '" + caller.name() + "' with object id '"
                                    + caller.principal() + "' does not have."))
                    .asException();
        }
    }
}
