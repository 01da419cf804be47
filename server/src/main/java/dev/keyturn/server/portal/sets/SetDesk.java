package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.portal.frame.Askers;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the pages of sets stand on. What somebody may is asked here only to know what to offer: the services ask again,
 * and refuse.
 */
public record SetDesk(Entry entry, Node node, Rights rights, Subscription subscription, Clock clock) {
    Services services() {
        return node.services();
    }

    /** The set that the address names, whether there is one or not. */
    ArmId id(Visitor visitor) {
        return new ArmId(
                subscription.id(),
                visitor.request().variable("group"),
                DiskEncryptionSet.TYPE,
                visitor.request().variable("name"));
    }

    /** These changes of a key, as pages tell them. */
    List<RotationLine> lines(List<Account> accounts) {
        Askers askers = entry.askers(
                accounts.stream().map(a -> a.rotation().requestedBy()).toList());
        Instant now = clock.instant();
        return accounts.stream().map(a -> RotationLine.of(a, now, askers)).toList();
    }

    RotationLine line(Account account) {
        return lines(List.of(account)).getFirst();
    }

    boolean may(Visitor visitor, Action action, Scope at) {
        return rights.may(visitor.call(), action, at);
    }

    boolean may(Visitor visitor, Vault vault, KeyPermission permission, String key) {
        return node.transactions()
                .read(tx ->
                        services().keys().access().may(tx, visitor.person().id(), vault, permission, Optional.of(key)));
    }

    /** The live vault or managed HSM that a key is in. */
    Optional<Vault> vault(KeyId key) {
        return services()
                .vaults()
                .hosts()
                .resolve(key.authority())
                .flatMap(a -> services().vaults().named(a.kind(), a.name()));
    }

    /** As {@link #vault}, where there must be one. */
    Vault requireVault(KeyId key) {
        return vault(key)
                .orElseThrow(() -> DomainError.invalid(
                                "key", "'" + key.authority() + "' is no vault or managed HSM of this server.")
                        .asException());
    }

    /** The key version that a form or an address names; refused where it is none. */
    static KeyId key(String url) {
        return KeyId.parse(url)
                .orElseThrow(() -> DomainError.invalid("key", "The new key must be " + KeyId.FORM + ".")
                        .asException());
    }
}
