package dev.keyturn.core.diskset;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of a disk encryption set that is there: of its key, which begins a rotation, or of anything else at once. With
 * something under the set, another identity must open all of that before it takes over. Thread-safe; asks vaults and
 * hosts before its transactions and never in them.
 */
final class DiskSetChanges {
    private final DiskSetParts parts;
    private final SetIdentities identities;
    private final SetAccess access;

    DiskSetChanges(DiskSetParts parts, SetIdentities identities, SetAccess access) {
        this.parts = parts;
        this.identities = identities;
        this.access = access;
    }

    /** As {@link DiskSetService#save} has it, for a set that was found. */
    Accepted<DiskEncryptionSet> change(
            Permit permit, DiskEncryptionSet set, DiskSetRules.Checked checked, DiskSetSpec spec, Precondition when) {
        Optional<KeyId> key = checked.key().filter(k -> savesKey(set, k, spec));
        return key.isPresent()
                ? changeKey(permit, set, key.get(), checked.sourceVault(), spec, when)
                : changeOthers(permit, set, checked, spec, when);
    }

    private boolean savesKey(DiskEncryptionSet set, KeyId key, DiskSetSpec spec) {
        return parts.keyChange().needed(set, key)
                && (!key.equals(set.activeKey()) || spec.changesNothingButTheKey(set));
    }

    private Accepted<DiskEncryptionSet> changeOthers(
            Permit permit, DiskEncryptionSet set, DiskSetRules.Checked checked, DiskSetSpec spec, Precondition when) {
        List<ErrorInfo> warnings = new ArrayList<>();
        Optional<SetAccess.Cleared> cleared = Optional.empty();
        Optional<IdentitySpec> other = spec.identity().filter(i -> !i.sameAs(set.identity()));
        if (other.isPresent() && set.rotation().isEmpty()) {
            Optional<PrincipalId> to =
                    parts.transactions().read(tx -> identities.user(tx, other.get(), Optional.of(set.identity())));
            if (!to.equals(Optional.of(set.principal()))) {
                cleared = Optional.of(access.requireOpens(set, to));
                warnings.addAll(access.findings(to, set.activeKey(), set.head().location())
                        .all());
            }
        }
        Optional<SetAccess.Cleared> asked = cleared;
        return parts.operations().submit(permit, tx -> {
            Optional<DiskEncryptionSet> now = parts.sets().find(tx, spec.id());
            when.check(spec.id(), now.map(DiskEncryptionSet::head));
            return changed(
                    tx,
                    permit,
                    now.orElseThrow(
                            () -> DomainError.changedMeanwhile(spec.id()).asException()),
                    checked,
                    spec,
                    asked,
                    warnings);
        });
    }

    /** A change of anything but the key. */
    private Accepted<DiskEncryptionSet> changed(
            Tx tx,
            Permit permit,
            DiskEncryptionSet set,
            DiskSetRules.Checked checked,
            DiskSetSpec spec,
            Optional<SetAccess.Cleared> cleared,
            List<ErrorInfo> warnings) {
        requireIdle(tx, set);
        requireSameRegion(set, spec);
        if (checked.key().filter(k -> !k.equals(set.activeKey())).isPresent()) {
            // It was the set's key when this request looked, so no rotation was asked for; it is not any more.
            throw DomainError.changedMeanwhile(set.id()).asException();
        }
        Instant now = parts.clock().instant();
        SetIdentity identity = spec.identity()
                .filter(i -> !i.sameAs(set.identity()))
                .map(i -> identities.resolve(tx, set.id(), i, Optional.of(set.identity())))
                .orElse(set.identity());
        if (!identity.principal().equals(set.principal())) {
            access.requireStill(tx, set, identity.principal(), cleared);
            VerificationYield.to(
                    tx,
                    parts.operations(),
                    set.id(),
                    "uses its keys as another identity",
                    permit.call().caller().name());
        }
        List<KeyId> others = PreviousKeys.of(tx, parts.setKeys(), set);
        boolean split = !others.isEmpty();
        ProvisioningState state = split ? set.head().state() : ProvisioningState.SUCCEEDED;
        DiskEncryptionSet stored = new DiskEncryptionSet(
                set.head().with(spec.tags(), spec.document(), state, now),
                set.activeKey(),
                checked.sourceVault().or(set::sourceVault),
                identity,
                Optional.empty(),
                set.lastRotatedAt(),
                split ? set.lastRotationError() : Optional.empty(),
                set.keyLostAt());
        if (parts.sets().update(tx, stored).missed()) {
            throw DomainError.changedMeanwhile(set.id()).asException();
        }
        Operation done = parts.operations().ended(permit, tx, OperationKind.UPDATE_DISK_SET, set.id());
        List<ErrorInfo> all = new ArrayList<>(warnings);
        all.addAll(SplitWarning.of(stored, others));
        return new Accepted<>(stored, done, false, all);
    }

    private Accepted<DiskEncryptionSet> changeKey(
            Permit permit,
            DiskEncryptionSet set,
            KeyId to,
            Optional<ArmId> toVault,
            DiskSetSpec spec,
            Precondition when) {
        requireSameRegion(set, spec);
        Optional<IdentitySpec> identity = spec.identity().filter(i -> !i.sameAs(set.identity()));
        identity.ifPresent(i -> requireNoOtherOwn(set, i));
        KeyChange.Request request = new KeyChange.Request(
                set.id(),
                to,
                toVault,
                spec.deep(),
                when.ifMatch().map(any -> set.head().revision()),
                (tx, before) -> {
                    if (identity.isPresent() && !before.identity().equals(set.identity())) {
                        throw DomainError.changedMeanwhile(set.id()).asException();
                    }
                    Instant now = parts.clock().instant();
                    return before.with(
                            before.head().with(spec.tags(), spec.document(), now),
                            identity.map(i -> identities.resolve(tx, set.id(), i, Optional.of(before.identity())))
                                    .orElse(before.identity()));
                });
        return parts.keyChange().begin(permit, set, request);
    }

    /**
     * A new system-assigned identity could not have access to any key yet, so it cannot come with a rotation; and the
     * present one must not be deleted under a rotation that may fail. User-assigned ones may come and go: the preflight
     * of the rotation asks for the one that will be used.
     */
    private static void requireNoOtherOwn(DiskEncryptionSet set, IdentitySpec wanted) {
        if (wanted.system() != set.identity().own().isPresent()) {
            throw DomainError.invalid(
                            "identity.type",
                            "A system-assigned identity and the key cannot be changed in one request: change the"
                                    + " identity, give it access to the key, then change the key.")
                    .asException();
        }
    }

    private static void requireSameRegion(DiskEncryptionSet set, DiskSetSpec spec) {
        Region region = new Region(set.head().location());
        if (!spec.location().isBlank() && !new Region(spec.location()).equals(region)) {
            throw DomainError.invalid("location", "'location' cannot be changed; this set is in '" + region + "'.")
                    .asException();
        }
    }

    /** Refuses while anything but a verification, which gives way, is at work on the set. */
    void requireIdle(Tx tx, DiskEncryptionSet set) {
        SetInterlock.requireNoRotation(set, "changed or deleted");
        parts.operations().requireIdleBut(tx, set.id(), OperationKind.VERIFY_DISK_SET);
    }
}
