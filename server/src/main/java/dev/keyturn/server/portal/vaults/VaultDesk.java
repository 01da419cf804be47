package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Clock;
import java.util.Optional;

/**
 * What the pages of vaults stand on. What somebody may is asked here only to know what to show and to offer: the services
 * ask again, and refuse.
 */
public record VaultDesk(Entry entry, Node node, Rights rights, Subscription subscription, Clock clock) {
    Services services() {
        return node.services();
    }

    Scope all() {
        return Scope.subscription(subscription.id());
    }

    /**
     * The vault or managed HSM that the address names.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} or {@code NotFound} where there is none
     */
    public Vault vault(Visitor visitor, VaultKind kind) {
        String name = visitor.request().variable("vault");
        Optional<Vault> found = services().vaults().named(kind, name);
        if (found.isEmpty()) {
            services().doors().require(visitor.call(), kind.read(), all());
            throw new DomainError.NotFound(
                            ErrorInfo.of("NotFound", "There is no " + kind.noun() + " '" + name + "' here."))
                    .asException();
        }
        return found.get();
    }

    boolean may(Visitor visitor, Action action, Scope at) {
        return rights.may(visitor.call(), action, at);
    }

    /** Whether the person may do that with a key, or in the vault as a whole. */
    public boolean may(Visitor visitor, Vault vault, KeyPermission permission, Optional<String> key) {
        return node.transactions()
                .read(tx -> services().keys().access().may(tx, visitor.person().id(), vault, permission, key));
    }

    /** Whether the person sees keys as Azure Resource Manager has them, which gives no right to use them. */
    boolean seesKeyResources(Visitor visitor, Vault vault) {
        return vault.kind() == VaultKind.VAULT
                && may(
                        visitor,
                        Action.KEY_RESOURCE_READ,
                        Scope.of(vault.resource().id()));
    }

    /** Refuses as the service would: before what was typed is complained of. */
    void require(Visitor visitor, Vault vault, KeyPermission permission, String key) {
        services()
                .doors()
                .require(
                        visitor.call(),
                        services().keys().access().ask(vault, permission, Optional.of(key), Optional.empty()));
    }

    /** What all versions of a key are asked about by. */
    KeyId allVersions(Vault vault, String key) {
        return services().vaults().hosts().keyId(vault, key, "");
    }

    String href(Vault vault) {
        return Links.vault(vault.kind(), vault.name());
    }

    String href(Vault vault, String key) {
        return Links.vaultKey(vault.kind(), vault.name(), key);
    }
}
