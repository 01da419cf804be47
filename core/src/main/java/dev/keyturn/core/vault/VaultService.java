package dev.keyturn.core.vault;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live vaults and managed HSMs: made, changed, listed, deleted softly (R8: both alike). What takes more than the right to
 * write the vault is asked in the transaction that does it ({@link PermissionModel}). Thread-safe; must not be called
 * inside a transaction.
 */
public final class VaultService {
    private static final Logger LOG = LoggerFactory.getLogger(VaultService.class);
    private static final int DEFAULT_RETENTION_DAYS = 90;

    private final VaultParts parts;
    private final ResourceGroupService groups;
    private final RoleAssignments roles;
    private final LiveVaults live;

    public VaultService(VaultParts parts, ResourceGroupService groups, RoleAssignments roles) {
        this.parts = parts;
        this.groups = groups;
        this.roles = roles;
        this.live = new LiveVaults(parts.vaults(), groups);
    }

    /** A vault after a write, and whether the write made it. */
    public record Written(Vault vault, boolean created) {}

    /**
     * Makes the vault or changes it. {@code change} is given what is there, runs inside the transaction and must have
     * no effect of its own. The administrators of a new managed HSM get its local role of that name: it needs no
     * activation.
     */
    public Written put(
            Call call, VaultKind kind, ArmId id, Precondition when, Function<Optional<Vault>, VaultSpec> change) {
        return parts.doors()
                .act(
                        call,
                        kind.write(),
                        Scope.of(id),
                        permit -> permit.write(tx -> written(tx, permit, kind, id, when, change)));
    }

    /** Changes a vault that is there. {@code change} is given what is there; as for {@link #put}. */
    public Vault change(Call call, VaultKind kind, ArmId id, Precondition when, Function<Vault, VaultSpec> change) {
        return put(call, kind, id, when, present -> change.apply(required(id, present)))
                .vault();
    }

    /** Changes the access policies of a vault that is there, and nothing else. */
    public Vault policies(Call call, ArmId id, Precondition when, UnaryOperator<List<AccessPolicy>> change) {
        return parts.doors()
                .act(
                        call,
                        Action.VAULT_POLICIES_WRITE,
                        Scope.of(id),
                        permit -> permit.write(tx -> written(tx, permit, VaultKind.VAULT, id, when, present -> {
                            Vault vault = required(id, present);
                            return vault.withPolicies(change.apply(vault.policies()));
                        })))
                .vault();
    }

    private static Vault required(ArmId id, Optional<Vault> present) {
        return present.orElseThrow(() -> DomainError.notFound(id).asException());
    }

    private Written written(
            Tx tx,
            Permit permit,
            VaultKind kind,
            ArmId id,
            Precondition when,
            Function<Optional<Vault>, VaultSpec> change) {
        ArmId group = groups.requireLive(tx, id).id();
        Optional<Vault> present = parts.vaults().find(tx, id);
        when.check(id, present.map(Vault::resource));
        VaultSpec spec = change.apply(present);
        if (present.isPresent()) {
            return new Written(changed(tx, permit, present.get(), spec), false);
        }
        VaultRules.name(kind, id.name());
        ArmId full = new ArmId(group.subscription(), group.name(), kind.type(), id.name());
        Optional<Vault> namesake = parts.vaults().byName(tx, kind, id.name());
        if (spec.recover()) {
            return new Written(recovered(tx, kind, full, namesake, spec), false);
        }
        namesake.ifPresent(v -> {
            throw v.deleted().isPresent()
                    ? VaultRefusals.deletedTaken(kind, v.name())
                    : VaultRefusals.taken(kind, v.name());
        });
        return new Written(made(tx, permit.call().caller(), kind, full, spec), true);
    }

    private Vault made(Tx tx, Caller caller, VaultKind kind, ArmId id, VaultSpec spec) {
        VaultRules.create(kind, spec);
        Resource head = Resource.created(
                id,
                spec.head().location(),
                spec.head().tags(),
                spec.head().document(),
                ProvisioningState.SUCCEEDED,
                parts.deletions().now());
        Vault vault = new Vault(
                new VaultId(UUID.randomUUID()),
                kind,
                head,
                spec.tenant(),
                spec.sku(),
                kind == VaultKind.VAULT && spec.rbac().orElse(true),
                spec.purgeProtection().orElse(false),
                spec.softDeleteDays().orElse(DEFAULT_RETENTION_DAYS),
                spec.policies(),
                Optional.empty());
        if (parts.vaults().insert(tx, vault).missed()) {
            throw VaultRefusals.taken(kind, id.name());
        }
        if (kind == VaultKind.MANAGED_HSM) {
            for (PrincipalId administrator :
                    spec.administrators().stream().distinct().toList()) {
                roles.grant(
                        tx,
                        caller.name(),
                        new RoleAssignments.Grant(
                                UUID.randomUUID(),
                                Scope.hsm(vault.name()),
                                HsmRoles.ADMINISTRATOR.id(),
                                administrator,
                                Optional.of("Initial administrator")));
            }
        }
        return vault;
    }

    private Vault changed(Tx tx, Permit permit, Vault old, VaultSpec spec) {
        GenericResourceService.requireSameLocation(old.resource(), spec.head());
        VaultRules.change(old, spec);
        if (PermissionModel.changes(old, spec)) {
            permit.require(tx, new PermissionModel(parts.access(), old));
        }
        Resource head = old.resource()
                .with(
                        spec.head().tags(),
                        spec.head().document(),
                        parts.deletions().now());
        Vault vault = new Vault(
                old.id(),
                old.kind(),
                head,
                old.tenant(),
                spec.sku(),
                old.kind() == VaultKind.VAULT && spec.rbac().orElse(old.rbac()),
                old.purgeProtection() || spec.purgeProtection().orElse(false),
                old.softDeleteDays(),
                spec.policies(),
                Optional.empty());
        parts.vaults().update(tx, vault).require(vault.id());
        return vault;
    }

    /** Brings it back as it was, whatever else the spec says: who could use its keys before can, and nobody else. */
    private Vault recovered(Tx tx, VaultKind kind, ArmId id, Optional<Vault> namesake, VaultSpec spec) {
        Vault deleted = namesake.filter(v -> v.deleted().isPresent())
                .orElseThrow(() -> VaultRefusals.notDeleted(kind, id.name()));
        if (!deleted.resource().id().equals(id)) {
            throw VaultRefusals.conflict(
                    id.toString(),
                    "ConflictError",
                    "The deleted " + kind.noun() + " '" + id.name() + "' can only be recovered as "
                            + deleted.resource().id() + ".");
        }
        VaultRules.recover(deleted, spec);
        Vault live = deleted.with(Optional.<Deletion>empty());
        if (parts.vaults().recover(tx, live).missed()) {
            throw VaultRefusals.taken(kind, id.name());
        }
        return live;
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound} */
    public Vault get(Call call, VaultKind kind, ArmId id) {
        parts.doors().require(call, kind.read(), Scope.of(id));
        return parts.transactions().read(tx -> live.require(tx, id));
    }

    /** The live vault of a host name: what a request is about, before anybody may anything. */
    public Optional<Vault> named(VaultKind kind, String name) {
        return parts.transactions()
                .read(tx -> parts.vaults().byName(tx, kind, name))
                .filter(v -> v.deleted().isEmpty());
    }

    /** In the order of ids; a group that is asked for must exist. */
    public List<Vault> page(
            Call call, VaultKind kind, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return groups.listing(
                call,
                kind.read(),
                kind.type(),
                subscription,
                group,
                (tx, reach) -> parts.vaults().page(tx, kind, subscription, reach, after, limit));
    }

    /**
     * Deletes it softly; false where there was none. Refused, unless overridden, while artifacts are under one of its
     * keys.
     */
    public boolean delete(Call call, VaultKind kind, ArmId id, Precondition when, boolean override) {
        return parts.doors()
                .act(
                        call,
                        kind.delete(),
                        Scope.of(id),
                        permit -> permit.write(tx -> {
                            Optional<Vault> found = parts.vaults().find(tx, id);
                            when.check(id, found.map(Vault::resource));
                            if (found.isEmpty()) {
                                groups.requireLive(tx, id);
                                permit.nothing();
                                return false;
                            }
                            softDelete(tx, found.get(), override);
                            return true;
                        }));
    }

    private void softDelete(Tx tx, Vault vault, boolean override) {
        if (!override) {
            parts.keys().inUse(tx, vault).ifPresent(key -> {
                throw VaultRefusals.inUse(
                        vault.resource().id(), key, "delete " + vault.kind().noun());
            });
        }
        parts.vaults().softDelete(tx, vault.with(Optional.of(parts.deletions().in(vault.softDeleteDays()))));
    }

    /** As a group's deletion does it: in a group that is on its way out. Where there is none it is fine. */
    public void delete(Call call, ArmId id) {
        Optional<Vault> there = parts.transactions().read(tx -> parts.vaults().find(tx, id));
        if (there.isEmpty()) {
            return;
        }
        boolean gone = parts.doors()
                .act(
                        call,
                        there.get().kind().delete(),
                        Scope.of(id),
                        permit -> permit.write(tx -> {
                            Optional<Vault> found = parts.vaults().find(tx, id);
                            found.ifPresentOrElse(vault -> softDelete(tx, vault, false), permit::nothing);
                            return found.isPresent();
                        }));
        LOG.debug("{} {}", id, gone ? "was deleted softly" : "was gone already");
    }

    public VaultHosts hosts() {
        return parts.hosts();
    }
}
