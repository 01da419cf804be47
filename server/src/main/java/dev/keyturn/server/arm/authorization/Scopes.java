package dev.keyturn.server.arm.authorization;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.VaultKeys;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether there is something at a scope: the subscription, a group, a resource, or a key of a vault. */
public final class Scopes implements Predicate<Scope> {
    private static final Pattern SUBSCRIPTION = Pattern.compile("/subscriptions/[^/]+");
    private static final Pattern KEY = Pattern.compile("(.+)/keys/([^/]+)");

    private final Transactions transactions;
    private final ResourceStore resources;
    private final VaultService vaults;
    private final VaultKeys keys;

    public Scopes(Transactions transactions, ResourceStore resources, VaultService vaults, VaultKeys keys) {
        this.transactions = transactions;
        this.resources = resources;
        this.vaults = vaults;
        this.keys = keys;
    }

    @Override
    public boolean test(Scope scope) {
        Optional<ArmId> id = ArmId.parse(scope.path());
        if (id.isPresent()) {
            return transactions.read(tx -> resources.find(tx, id.get())).isPresent();
        }
        Matcher key = KEY.matcher(scope.path());
        return key.matches()
                ? ArmId.parse(key.group(1))
                        .filter(vault -> vault.hasType(VaultKind.VAULT.type()))
                        .filter(vault -> transactions
                                .read(tx -> resources.find(tx, vault))
                                .isPresent())
                        .map(vaults::get)
                        .filter(vault -> keys.exists(vault, key.group(2)))
                        .isPresent()
                : SUBSCRIPTION.matcher(scope.path()).matches();
    }
}
