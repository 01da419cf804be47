package dev.keyturn.core.vault;

import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Soft-deleted vaults and managed HSMs: read, listed, purged. Role assignments live until the purge, so a recovery
 * brings back who may do what; after it nothing is left that a new vault of the name could inherit. Whether the caller
 * may is asked by the routes. Thread-safe; must not be called inside a transaction.
 */
public final class DeletedVaultService {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedVaultService.class);

    private final VaultParts parts;
    private final RoleAssignments roles;

    public DeletedVaultService(VaultParts parts, RoleAssignments roles) {
        this.parts = parts;
        this.roles = roles;
    }

    /** Whether a name can be had, and if not, why. */
    public Optional<String> unavailable(VaultKind kind, String name) {
        if (!VaultRules.validName(name)) {
            return Optional.of("AccountNameInvalid");
        }
        return parts.transactions()
                .read(tx -> parts.vaults().byName(tx, kind, name))
                .map(_ -> "AlreadyExists");
    }

    /** Whether there is a soft-deleted one of that name; false as soon as it was purged or recovered. */
    public boolean isThere(VaultKind kind, String name) {
        return parts.transactions()
                .read(tx -> parts.vaults().byName(tx, kind, name))
                .filter(v -> v.deleted().isPresent())
                .isPresent();
    }

    public Vault get(VaultKind kind, String name) {
        return parts.transactions().read(tx -> find(tx, kind, name));
    }

    /** By lower-case name, from after {@code after}. */
    public List<Vault> list(VaultKind kind, String subscription, Optional<String> after, int limit) {
        return parts.transactions().read(tx -> parts.vaults().deleted(tx, kind, subscription, after, limit));
    }

    /** Deletes it for good, with its keys and all grants; refused while purge protection is on. */
    public void purge(VaultKind kind, String name, boolean override) {
        Runnable gone = parts.transactions().write(tx -> {
            Vault vault = find(tx, kind, name);
            if (vault.purgeProtection()) {
                throw new DomainError.Invalid(ErrorInfo.at(
                                name,
                                "MethodNotAllowed",
                                "Operation 'DeletedVaultPurge' is not allowed: purge protection is on. The "
                                        + VaultRefusals.noun(kind) + " '" + name + "' is purged by itself on "
                                        + vault.deleted().orElseThrow().purgeAt() + "."))
                        .asException();
            }
            Optional<KeyId> used = override ? Optional.empty() : parts.keys().inUse(tx, vault);
            used.ifPresent(key -> {
                throw VaultRefusals.inUse(vault.resource().id(), key, "purge " + VaultRefusals.noun(kind));
            });
            return purge(tx, vault);
        });
        gone.run();
    }

    /**
     * Purges what was deleted long enough ago and nothing is under; returns how many.
     *
     * @param now by the server's time ({@link dev.keyturn.core.time.ServerTime#reached}), not by the clock alone
     */
    public int purgeDue(Instant now) {
        int purged = 0;
        for (Vault due : parts.transactions().read(tx -> parts.vaults().purgeDue(tx, now, 100))) {
            Optional<Runnable> gone = parts.transactions().write(tx -> purgeIfUnused(tx, due, now));
            gone.ifPresent(Runnable::run);
            purged += gone.isPresent() ? 1 : 0;
        }
        return purged;
    }

    private Optional<Runnable> purgeIfUnused(Tx tx, Vault due, Instant now) {
        Optional<Vault> vault = parts.vaults()
                .find(tx, due.id())
                .filter(v -> v.deleted().filter(d -> !d.purgeAt().isAfter(now)).isPresent());
        if (vault.isEmpty()) {
            return Optional.empty();
        }
        Optional<KeyId> used = parts.keys().inUse(tx, vault.get());
        if (used.isPresent()) {
            LOG.warn(
                    "{} '{}' is past its retention but artifacts are under {}: kept",
                    VaultRefusals.noun(due.kind()),
                    due.name(),
                    used.get());
            Instant at = vault.get().deleted().orElseThrow().at();
            parts.vaults().postpone(tx, due.id(), new Deletion(at, now.plus(Duration.ofDays(1))));
            return Optional.empty();
        }
        return Optional.of(purge(tx, vault.get()));
    }

    /** Its answer is to be run after the transaction: it destroys the keys at their backends. */
    private Runnable purge(Tx tx, Vault vault) {
        Runnable gone = parts.keys().destroyer(tx, vault.id());
        roles.forget(tx, Scope.of(vault.resource().id()));
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            roles.forget(tx, Scope.hsm(vault.name()));
        }
        parts.vaults().purge(tx, vault.id());
        return gone;
    }

    private Vault find(Tx tx, VaultKind kind, String name) {
        return parts.vaults()
                .byName(tx, kind, name)
                .filter(v -> v.deleted().isPresent())
                .orElseThrow(() -> VaultRefusals.notDeleted(kind, name));
    }
}
