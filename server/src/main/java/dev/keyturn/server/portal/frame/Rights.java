package dev.keyturn.server.portal.frame;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.Vault;
import java.util.List;

/** Which buttons a person is offered. It decides nothing: the service that a button leads to asks again. */
public record Rights(Transactions transactions, Access access) {
    public boolean may(Call call, Action action, Scope at) {
        return mayAtOne(call, action, List.of(at));
    }

    /** Whether the right is there at one of these. */
    public boolean mayAtOne(Call call, Action action, List<Scope> all) {
        return transactions.read(
                tx -> all.stream().anyMatch(at -> access.may(tx, call.caller().principal(), action.azure(), at)));
    }

    /** Whether roles that open the vault's keys may be given: there are none where the vault is on access policies. */
    public boolean mayGiveRoles(Call call, Vault vault) {
        return switch (vault.kind()) {
            case VAULT ->
                vault.rbac()
                        && may(
                                call,
                                Action.ROLE_ASSIGNMENT_WRITE,
                                Scope.of(vault.resource().id()));
            case MANAGED_HSM -> may(call, Action.HSM_ROLE_ASSIGNMENT_WRITE, Scope.hsm(vault.name()));
        };
    }
}
