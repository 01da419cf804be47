package dev.keyturn.core.access;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.VaultKeys;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.VaultKind;
import java.util.function.Predicate;

/** Whether there is something at a scope: the subscription, a group, a resource, or a key of a vault. */
public final class Scopes implements Predicate<Scope> {
    private static final String KEY = VaultKind.VAULT.type() + "/keys";

    private final Transactions transactions;
    private final ResourceStore resources;
    private final VaultKeys keys;

    public Scopes(Transactions transactions, ResourceStore resources, VaultKeys keys) {
        this.transactions = transactions;
        this.resources = resources;
        this.keys = keys;
    }

    @Override
    public boolean test(Scope scope) {
        return scope.id().filter(this::exists).isPresent();
    }

    private boolean exists(ArmId id) {
        if (id.isHead()) {
            return transactions.read(tx -> resources.find(tx, id)).isPresent();
        }
        if (id.hasType(KEY)) {
            return id.parent()
                    .filter(ArmId::isHead)
                    .filter(vault -> keys.exists(vault, id.name()))
                    .isPresent();
        }
        return id.hasType(ArmId.SUBSCRIPTION_TYPE);
    }
}
