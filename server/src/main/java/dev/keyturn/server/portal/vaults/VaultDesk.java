package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the pages of vaults stand on. What somebody may is asked here only to know what to show and to offer: the services
 * ask again, and refuse.
 */
public record VaultDesk(Entry entry, Node node, Rights rights, Subscription subscription, Clock clock) {
    private static final List<Action> AT_A_VAULT = List.of(
            Action.KEY_RESOURCE_READ,
            Action.KEY_RESOURCE_WRITE,
            Action.ROLE_ASSIGNMENT_READ,
            Action.ROLE_ASSIGNMENT_WRITE);
    private static final List<Action> IN_AN_HSM =
            List.of(Action.HSM_ROLE_ASSIGNMENT_READ, Action.HSM_ROLE_ASSIGNMENT_WRITE);

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
            boolean deleted = may(visitor, kind.listDeleted(), all())
                    && services().deletedVaults().named(kind, name).isPresent();
            throw new DomainError.NotFound(ErrorInfo.of(
                            "NotFound",
                            deleted
                                    ? "The " + kind.noun() + " '" + name
                                            + "' was deleted. It is in the list of deleted " + kind.noun()
                                            + "s, where it can be recovered until it is purged."
                                    : "There is no " + kind.noun() + " '" + name + "' here."))
                    .asException();
        }
        return found.get();
    }

    /**
     * What an address below a vault answers. Who may do nothing in the vault is told what they are where there is none of
     * the name: neither that there is one nor in which group. The record has what was asked for and refused.
     */
    public <T> T answer(Visitor visitor, VaultKind kind, Supplier<T> work) {
        try {
            return work.get();
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Forbidden)) {
                throw e;
            }
            throw services()
                    .vaults()
                    .named(kind, visitor.request().variable("vault"))
                    .filter(v -> !mayAnything(visitor, v))
                    .flatMap(_ -> node.transactions()
                            .read(tx ->
                                    services().doors().roles(kind.read(), all()).refusal(tx, visitor.call())))
                    .map(DomainError::asException)
                    .orElse(e);
        }
    }

    /** As {@link Entry#page} and {@link Entry#form}, of an address below a vault: see {@link #answer}. */
    void page(Routes routes, VaultKind kind, String pattern, Function<Visitor, Response> page) {
        entry.page(routes, pattern, v -> answer(v, kind, () -> page.apply(v)));
    }

    void form(Routes routes, VaultKind kind, String pattern, Function<Visitor, Response> form) {
        entry.form(routes, pattern, v -> answer(v, kind, () -> form.apply(v)));
    }

    private boolean mayAnything(Visitor visitor, Vault vault) {
        Scope at = Scope.of(vault.resource().id());
        Optional<String> key = Optional.ofNullable(visitor.request().variables().get("key"));
        return may(visitor, vault.kind().read(), at)
                || Arrays.stream(KeyPermission.values())
                        .filter(p -> p != KeyPermission.RANDOM)
                        .anyMatch(p -> may(visitor, vault, p, key))
                || AT_A_VAULT.stream().anyMatch(a -> may(visitor, a, at))
                || (vault.kind() == VaultKind.MANAGED_HSM
                        && IN_AN_HSM.stream().anyMatch(a -> may(visitor, a, Scope.hsm(vault.name()))));
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
    public void require(Visitor visitor, Vault vault, KeyPermission permission, String key) {
        services()
                .doors()
                .require(
                        visitor.call(),
                        services().keys().access().ask(vault, permission, Optional.of(key), Optional.empty()));
    }

    /**
     * The sets that have the version as their active key, or are being changed to it, with their groups; empty for who may
     * not see sets.
     */
    public Optional<List<String>> setsOf(Visitor visitor, KeyId version) {
        Losses losses = new Losses(this);
        return losses.seesSets(visitor)
                ? Optional.of(losses.sets(visitor, version).stream()
                        .filter(use -> use.active() || use.coming())
                        .map(use -> use.set().name() + " in " + use.set().resourceGroup())
                        .distinct()
                        .toList())
                : Optional.empty();
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
