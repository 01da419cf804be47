package dev.keyturn.core.vault;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * Who may change what decides about a vault's keys. As in Azure, {@code enableRbacAuthorization} of a vault that exists
 * changes, in either direction, only for who may assign roles at it: otherwise whoever may write a vault could take its
 * keys from the roles and give them to itself by an access policy. Asked in the transaction that changes the vault, of
 * the vault as it is there.
 */
record PermissionModel(Access access, Vault old) implements Ask {
    /** Whether the question arises at all. */
    static boolean changes(Vault old, VaultSpec spec) {
        return old.kind() == VaultKind.VAULT
                && spec.rbac().filter(r -> r != old.rbac()).isPresent();
    }

    @Override
    public Action action() {
        return Action.ROLE_ASSIGNMENT_WRITE;
    }

    @Override
    public Scope at() {
        return Scope.of(old.resource().id());
    }

    /** In Azure's words, with what would be needed. */
    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        if (call.decided() || access.may(tx, call.caller().principal(), action().azure(), at())) {
            return Optional.empty();
        }
        return Optional.of(new DomainError.Forbidden(ErrorInfo.at(
                "properties.enableRbacAuthorization",
                "InsufficientPermissions",
                "Caller is not allowed to change permission model. 'properties.enableRbacAuthorization' of"
                        + " vault '" + old.name() + "' is " + old.rbac() + "; changing it decides who may"
                        + " use its keys and takes the action '" + action() + "' over scope '" + at()
                        + "', which the client '" + call.caller().name() + "' with object id '"
                        + call.caller().principal() + "' does not have.")));
    }
}
