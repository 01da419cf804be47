package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Soft-deleted vaults and managed HSMs: read, listed, purged. Role assignments live until the purge, so a recovery
 * brings back who may do what; after it nothing is left that a new vault of the name could inherit. Thread-safe; must not
 * be called inside a transaction.
 */
public final class DeletedVaultService {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedVaultService.class);

    private final VaultParts parts;
    private final RoleAssignments roles;

    public DeletedVaultService(VaultParts parts, RoleAssignments roles) {
        this.parts = parts;
        this.roles = roles;
    }

    /** What a soft-deleted one is asked for by: where it was deleted, and its name. */
    public record Place(VaultKind kind, String subscription, String location, String name) {
        public static Place of(Vault deleted) {
            ArmId id = deleted.resource().id();
            return new Place(
                    deleted.kind(), id.subscription(), deleted.resource().location(), deleted.name());
        }

        public Scope scope() {
            String type = kind == VaultKind.VAULT ? "deletedVaults" : "deletedManagedHSMs";
            return Scope.of(ArmId.subscription(subscription)
                    .resource("Microsoft.KeyVault/locations", location)
                    .child(type, name));
        }
    }

    /** A name that was asked about, and what is against it; nothing where it can be had. */
    public record Availability(String name, Optional<String> against) {}

    /** Whether a name can be had, and if not, why. {@code asked} gives the name, once the caller may ask. */
    public Availability availability(Call call, VaultKind kind, String subscription, Supplier<String> asked) {
        parts.doors().require(call, kind.nameCheck(), Scope.subscription(subscription));
        String name = asked.get();
        if (!VaultRules.validName(name)) {
            return new Availability(name, Optional.of("AccountNameInvalid"));
        }
        return new Availability(
                name,
                parts.transactions()
                        .read(tx -> parts.vaults().byName(tx, kind, name))
                        .map(_ -> "AlreadyExists"));
    }

    /** Whether there is still one to be purged; false as soon as it was purged or recovered. For who may purge it. */
    public boolean isThere(Call call, Place place) {
        parts.doors().require(call, place.kind().purge(), place.scope());
        return named(place.kind(), place.name()).isPresent();
    }

    /** The deleted one of the name: what a request is about that does not say where it was, before anybody may anything. */
    public Optional<Vault> named(VaultKind kind, String name) {
        return parts.transactions()
                .read(tx -> parts.vaults().byName(tx, kind, name))
                .filter(v -> v.deleted().isPresent());
    }

    public Vault get(Call call, Place place) {
        parts.doors().require(call, place.kind().readDeleted(), place.scope());
        return parts.transactions().read(tx -> find(tx, place));
    }

    /** By lower-case name, from after {@code after}. */
    public List<Vault> list(Call call, VaultKind kind, String subscription, Optional<String> after, int limit) {
        parts.doors().require(call, kind.listDeleted(), Scope.subscription(subscription));
        return parts.transactions().read(tx -> parts.vaults().deleted(tx, kind, subscription, after, limit));
    }

    /** Deletes it for good, with its keys and all grants; refused while purge protection is on. */
    public void purge(Call call, Place place, boolean override) {
        Vault purged = parts.doors().act(call, place.kind().purge(), place.scope(), permit -> {
            Gone gone = permit.write(tx -> {
                Vault vault = find(tx, place);
                requireUnprotected(vault);
                if (!override) {
                    requireUnused(tx, vault);
                }
                return purge(tx, vault);
            });
            gone.keys().run();
            return gone.vault();
        });
        LOG.info("{} '{}' was purged", purged.kind().noun(), purged.name());
    }

    private static void requireUnprotected(Vault vault) {
        if (vault.purgeProtection()) {
            throw new DomainError.Invalid(ErrorInfo.at(
                            vault.name(),
                            "MethodNotAllowed",
                            "Operation 'DeletedVaultPurge' is not allowed: purge protection is on. The "
                                    + vault.kind().noun() + " '" + vault.name()
                                    + "' is purged by itself on "
                                    + vault.deleted().orElseThrow().purgeAt() + "."))
                    .asException();
        }
    }

    private void requireUnused(Tx tx, Vault vault) {
        parts.keys().inUse(tx, vault).ifPresent(key -> {
            throw VaultRefusals.inUse(
                    vault.resource().id(), key, "purge " + vault.kind().noun());
        });
    }

    /**
     * Purges what was deleted long enough ago and nothing is under; returns how many. What artifacts are under is kept
     * for a day more, and the purge is recorded as failed.
     *
     * @param now by the server's time ({@link dev.keyturn.core.time.ServerTime#reached}), not by the clock alone
     */
    public int purgeDue(Instant now) {
        int purged = 0;
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        for (Vault due : parts.transactions().read(tx -> parts.vaults().purgeDue(tx, now, 100))) {
            purged += purgeIfUnused(call, due, now) ? 1 : 0;
        }
        return purged;
    }

    private boolean purgeIfUnused(Call call, Vault due, Instant now) {
        Place place = Place.of(due);
        try {
            boolean purged = parts.doors().act(call, due.kind().purge(), place.scope(), permit -> {
                Optional<Gone> gone = permit.write(tx -> {
                    Optional<Vault> vault = stillDue(tx, due, now);
                    if (vault.isEmpty()) {
                        permit.nothing(); // another node was faster, or it was recovered
                        return Optional.<Gone>empty();
                    }
                    requireUnused(tx, vault.get());
                    return Optional.of(purge(tx, vault.get()));
                });
                gone.ifPresent(g -> g.keys().run());
                return gone.isPresent();
            });
            if (purged) {
                LOG.info(
                        "{} '{}' was purged at the end of its retention",
                        due.kind().noun(),
                        due.name());
            }
            return purged;
        } catch (DomainException refusal) {
            boolean explained = parts.transactions().write(tx -> kept(tx, due, now));
            if (!explained) {
                throw refusal;
            }
            return false;
        }
    }

    private Optional<Vault> stillDue(Tx tx, Vault due, Instant now) {
        return parts.vaults()
                .find(tx, due.id())
                .filter(v -> v.deleted().filter(d -> !d.purgeAt().isAfter(now)).isPresent());
    }

    /** Whether it is kept because it is in use, for a day more, or is not due any more. */
    private boolean kept(Tx tx, Vault due, Instant now) {
        Optional<Vault> vault = stillDue(tx, due, now);
        if (vault.isEmpty()) {
            return true;
        }
        Optional<KeyId> used = parts.keys().inUse(tx, vault.get());
        if (used.isEmpty()) {
            return false;
        }
        LOG.warn(
                "{} '{}' is past its retention but artifacts are under {}: kept",
                due.kind().noun(),
                due.name(),
                used.get());
        Instant at = vault.get().deleted().orElseThrow().at();
        parts.vaults().postpone(tx, due.id(), new Deletion(at, now.plus(Duration.ofDays(1))));
        return true;
    }

    /** What was purged; {@code keys} is to be run after the transaction: it destroys the keys at their backends. */
    private record Gone(Vault vault, Runnable keys) {}

    private Gone purge(Tx tx, Vault vault) {
        Runnable keys = parts.keys().destroyer(tx, vault.id());
        roles.forget(tx, Scope.of(vault.resource().id()));
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            roles.forget(tx, Scope.hsm(vault.name()));
        }
        parts.vaults().purge(tx, vault.id());
        return new Gone(vault, keys);
    }

    private Vault find(Tx tx, Place place) {
        Vault vault = parts.vaults()
                .byName(tx, place.kind(), place.name())
                .filter(v -> v.deleted().isPresent())
                .orElseThrow(() -> VaultRefusals.notDeleted(place.kind(), place.name()));
        if (!new Region(vault.resource().location()).equals(new Region(place.location()))) {
            throw new DomainError.NotFound(ErrorInfo.of(
                            "DeletedVaultNotFound",
                            "'" + vault.name() + "' was deleted in location '"
                                    + vault.resource().location() + "', not in '" + place.location() + "'."))
                    .asException();
        }
        return vault;
    }
}
