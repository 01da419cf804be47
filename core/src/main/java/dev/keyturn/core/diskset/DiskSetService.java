package dev.keyturn.core.diskset;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Stored;
import dev.keyturn.core.tx.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Disk encryption sets: made, changed, deleted. A set may be made before its identity has access to the key, because
 * the identity does not exist earlier; access is checked when it is first needed (docs/rules.md). What changes a set
 * that is there is in {@link DiskSetChanges}. Thread-safe; asks vaults and hosts before its transactions and never in
 * them.
 */
public final class DiskSetService {
    private final DiskSetParts parts;
    private final SetIdentities identities;
    private final SetAccess access;
    private final DiskSetChanges changes;

    public DiskSetService(DiskSetParts parts) {
        this.parts = parts;
        this.identities = new SetIdentities(parts.identities());
        this.access = new SetAccess(parts);
        this.changes = new DiskSetChanges(parts, identities, access);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public DiskEncryptionSet get(ArmId id) {
        return parts.transactions().read(tx -> require(tx, id));
    }

    /** By id, from after the key {@code after}. */
    public List<DiskEncryptionSet> page(
            String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.transactions().read(tx -> parts.sets().page(tx, subscription, group, after, limit));
    }

    /** The disks that are under the set, by id, from after the key {@code after}. */
    public List<ArmId> associated(ArmId id, Optional<String> after, int limit) {
        return parts.transactions().read(tx -> {
            DiskEncryptionSet set = require(tx, id);
            return parts.disks().under(tx, set.id(), after, limit);
        });
    }

    public Census census(ArmId id) {
        return parts.transactions().read(tx -> census(tx, require(tx, id)));
    }

    /**
     * Makes the set, or brings it to what the spec says. Where the key changes, or is saved again while artifacts are
     * not under it (R5), this begins a rotation; a spec without a key leaves the key alone. So does one that repeats the
     * active key beside another change, which is how clients send a whole set back (docs/rules.md).
     *
     * @param requestedBy the caller's name, for the record
     */
    public Accepted<DiskEncryptionSet> save(DiskSetSpec spec, Precondition when, String requestedBy) {
        Optional<DiskEncryptionSet> present =
                parts.transactions().read(tx -> parts.sets().find(tx, spec.id()));
        when.check(spec.id(), present.map(DiskEncryptionSet::head));
        DiskSetRules.Checked checked = DiskSetRules.check(spec, present);
        if (present.isEmpty()) {
            return create(checked, spec, when, requestedBy);
        }
        return changes.change(present.get(), checked, spec, when, requestedBy);
    }

    private Accepted<DiskEncryptionSet> create(
            DiskSetRules.Checked checked, DiskSetSpec spec, Precondition when, String requestedBy) {
        IdentitySpec identity = spec.identity().orElse(IdentitySpec.SYSTEM_ASSIGNED);
        Optional<PrincipalId> as = parts.transactions().read(tx -> {
            parts.groups().requireLive(tx, spec.id());
            return identities.user(tx, identity, Optional.empty());
        });
        List<ErrorInfo> warnings =
                access.requireUsable(as, checked.key().orElseThrow(), new Region(spec.location()).name());
        return parts.operations().submit(tx -> {
            Optional<DiskEncryptionSet> now = parts.sets().find(tx, spec.id());
            when.check(spec.id(), now.map(DiskEncryptionSet::head));
            if (now.isPresent()) {
                throw DomainError.changedMeanwhile(spec.id()).asException();
            }
            return create(tx, checked, spec, identity, warnings, requestedBy);
        });
    }

    /** Empty where there is no such set. Refused while anything uses it, naming what does. */
    public Optional<Operation> delete(ArmId id, Precondition when, String requestedBy) {
        return parts.operations().submit(tx -> {
            Optional<DiskEncryptionSet> present = parts.sets().find(tx, id);
            when.check(id, present.map(DiskEncryptionSet::head));
            if (present.isEmpty()) {
                return Optional.empty();
            }
            DiskEncryptionSet set = present.get();
            changes.requireIdle(tx, set);
            SetUsers.requireNone(tx, parts, set);
            VerificationYield.to(tx, parts.operations(), set.id(), "is deleted", requestedBy);
            parts.setKeys().deleteUnused(tx, set.id(), Optional.empty());
            if (set.identity().own().isPresent()) {
                parts.identities().delete(tx, set.id());
            }
            Stored.require(parts.sets().delete(tx, set.id()), set.id());
            return Optional.of(parts.operations().ended(tx, OperationKind.DELETE_DISK_SET, set.id(), requestedBy));
        });
    }

    private Accepted<DiskEncryptionSet> create(
            Tx tx,
            DiskSetRules.Checked checked,
            DiskSetSpec spec,
            IdentitySpec wanted,
            List<ErrorInfo> warnings,
            String requestedBy) {
        parts.groups().requireLive(tx, spec.id());
        SetIdentity identity = identities.resolve(tx, spec.id(), wanted, Optional.empty());
        KeyId key = checked.key().orElseThrow();
        Resource head = Resource.created(
                spec.id(),
                new Region(spec.location()).name(),
                spec.tags(),
                spec.document(),
                ProvisioningState.SUCCEEDED,
                parts.clock().instant());
        DiskEncryptionSet set = new DiskEncryptionSet(
                head,
                key,
                checked.sourceVault(),
                identity,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        if (!parts.sets().insert(tx, set)) {
            throw DomainError.changedMeanwhile(spec.id()).asException();
        }
        Operation done = parts.operations().ended(tx, OperationKind.CREATE_DISK_SET, spec.id(), requestedBy);
        return new Accepted<>(set, done, true, warnings);
    }

    private Census census(Tx tx, DiskEncryptionSet set) {
        Map<KeyId, Map<ArtifactKind, Long>> byKey = new LinkedHashMap<>();
        byKey.put(set.activeKey(), Map.of());
        for (Map.Entry<SetKeyId, Map<ArtifactKind, Long>> e :
                parts.artifacts().census(tx, set.id()).entrySet()) {
            if (parts.setKeys().find(tx, e.getKey()).orElseThrow() instanceof SetKey.Customer key) {
                byKey.put(key.key(), e.getValue());
            }
        }
        return new Census(
                set,
                byKey.entrySet().stream()
                        .map(e -> new Census.Entry(e.getKey(), e.getValue()))
                        .toList());
    }

    private DiskEncryptionSet require(Tx tx, ArmId id) {
        return parts.sets()
                .find(tx, id)
                .orElseThrow(() -> DomainError.notFound(id).asException());
    }
}
