package dev.keyturn.server.portal.frame;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.tx.Transactions;
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
}
