package dev.keyturn.core.diskset;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.Patching;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

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
    private final Patching patching = new Patching();

    public DiskSetService(DiskSetParts parts) {
        this.parts = parts;
        this.identities = new SetIdentities(parts.identities());
        this.access = new SetAccess(parts);
        this.changes = new DiskSetChanges(parts, identities, access);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public DiskEncryptionSet get(Call call, ArmId id) {
        return read(call, id, (_, set) -> set);
    }

    /** As {@link #get}, with what else an answer says of it. */
    public SetView show(Call call, ArmId id) {
        return read(call, id, this::view);
    }

    /** By id, from after the key {@code after}; a group that is asked for must exist. */
    public List<SetView> page(
            Call call, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return parts.groups()
                .listing(
                        call,
                        Action.DISK_SET_READ,
                        DiskEncryptionSet.TYPE,
                        subscription,
                        group,
                        (tx, reach) -> parts.sets().page(tx, subscription, reach, after, limit).stream()
                                .map(set -> view(tx, set))
                                .toList());
    }

    /** The disks that are under the set, by id, from after the key {@code after}. */
    public List<ArmId> associated(Call call, ArmId id, Optional<String> after, int limit) {
        return read(call, id, (tx, set) -> parts.disks().under(tx, set.id(), after, limit));
    }

    /**
     * The censuses of these sets, in their order, all at one moment. One that is not there, or that the caller may not
     * read by then, is left out: nobody is refused and nothing is recorded.
     */
    public List<Census> censuses(Call call, List<ArmId> ids) {
        return parts.transactions()
                .read(tx -> ids.stream()
                        .filter(id -> parts.doors()
                                .roles(Action.DISK_SET_READ, Scope.of(id))
                                .refusal(tx, call)
                                .isEmpty())
                        .flatMap(id -> parts.sets().find(tx, id).stream())
                        .map(set -> census(tx, set))
                        .toList());
    }

    public Census census(Call call, ArmId id) {
        return read(call, id, this::census);
    }

    /** Why nothing new can be made under the set with its active key, as it is now; empty where it can. */
    public List<ErrorInfo> keyProblems(Call call, ArmId id) {
        DiskEncryptionSet set = get(call, id);
        KeyId key = set.activeKey();
        return ConfidentialKeyRules.problems(
                key,
                parts.vault().facts(set.principal(), key),
                set.head().location(),
                parts.clock().instant());
    }

    private <T> T read(Call call, ArmId id, BiFunction<Tx, DiskEncryptionSet, T> look) {
        parts.doors().require(call, Action.DISK_SET_READ, Scope.of(id));
        return parts.transactions().read(tx -> look.apply(tx, require(tx, id)));
    }

    /** As {@link ResourceGroupService#place}: to be asked before a body is read. */
    public ArmId place(Call call, ArmId id) {
        return parts.groups().place(call, Action.DISK_SET_WRITE, id);
    }

    /**
     * Makes the set, or brings it to what the spec says. Where the key changes, or is saved again while artifacts are
     * not under it (R5), this begins a rotation; a spec without a key leaves the key alone. So does one that repeats the
     * active key beside another change, which is how clients send a whole set back (docs/rules.md).
     *
     * <p>Each user-assigned identity that the spec names takes {@link Action#IDENTITY_ASSIGN} at it: who lets a resource
     * act as an identity must be allowed to assign that identity.
     */
    public Accepted<SetView> save(Call call, DiskSetSpec spec, Precondition when) {
        return view(parts.doors().act(call, Action.DISK_SET_WRITE, Scope.of(spec.id()), permit -> {
            permit.requireLinked(assigned(spec, List.of()));
            Optional<DiskEncryptionSet> present =
                    parts.transactions().read(tx -> parts.sets().find(tx, spec.id()));
            return save(permit, present, spec, when);
        }));
    }

    /**
     * Changes the present set as {@link #save} does. {@code change} is given it as it is, and again where another request
     * was quicker; it must have no effect of its own. Identities that the set has already may stay without being
     * assigned again: they let it act as nobody else.
     */
    public Accepted<SetView> change(Call call, ArmId id, Precondition asked, Function<SetView, DiskSetSpec> change) {
        return view(parts.doors()
                .act(
                        call,
                        Action.DISK_SET_WRITE,
                        Scope.of(id),
                        permit -> patching.untilUnchanged(id, asked, () -> {
                            SetView seen = parts.transactions().read(tx -> view(tx, require(tx, id)));
                            DiskEncryptionSet set = seen.set();
                            asked.check(id, Optional.of(set.head()));
                            DiskSetSpec spec = change.apply(seen);
                            permit.requireLinked(assigned(
                                    spec,
                                    set.identity().assigned().stream()
                                            .map(SetIdentity.UserAssigned::resource)
                                            .toList()));
                            // on condition that the set is still as it was read: none is put back that was taken away
                            return save(
                                    permit,
                                    Optional.of(set),
                                    spec,
                                    Precondition.revision(set.head().revision()));
                        })));
    }

    private Accepted<SetView> view(Accepted<DiskEncryptionSet> accepted) {
        return parts.transactions().read(tx -> accepted.map(set -> view(tx, set)));
    }

    private SetView view(Tx tx, DiskEncryptionSet set) {
        Map<ArmId, UUID> clientIds = new HashMap<>();
        for (SetIdentity.UserAssigned user : set.identity().assigned()) {
            parts.identities().clientId(tx, user.resource()).ifPresent(c -> clientIds.put(user.resource(), c));
        }
        return new SetView(set, PreviousKeys.of(tx, parts.setKeys(), set), clientIds);
    }

    /** The identities that the caller must be allowed to assign. */
    private List<Ask> assigned(DiskSetSpec spec, List<ArmId> kept) {
        return spec.identity().map(IdentitySpec::userAssigned).stream()
                .flatMap(Collection::stream)
                .filter(id -> !kept.contains(id))
                .map(id -> parts.doors().roles(Action.IDENTITY_ASSIGN, Scope.of(id)))
                .toList();
    }

    private Accepted<DiskEncryptionSet> save(
            Permit permit, Optional<DiskEncryptionSet> present, DiskSetSpec spec, Precondition when) {
        when.check(spec.id(), present.map(DiskEncryptionSet::head));
        DiskSetRules.Checked checked = DiskSetRules.check(spec, present);
        return present.isEmpty()
                ? create(permit, checked, spec, when)
                : changes.change(permit, present.get(), checked, spec, when);
    }

    private Accepted<DiskEncryptionSet> create(
            Permit permit, DiskSetRules.Checked checked, DiskSetSpec spec, Precondition when) {
        IdentitySpec identity = spec.identity().orElse(IdentitySpec.SYSTEM_ASSIGNED);
        Optional<PrincipalId> as = parts.transactions().read(tx -> {
            parts.groups().requireLive(tx, spec.id());
            return identities.user(tx, identity, Optional.empty());
        });
        List<ErrorInfo> warnings =
                access.requireUsable(as, checked.key().orElseThrow(), new Region(spec.location()).name());
        return parts.operations().submit(permit, tx -> {
            Optional<DiskEncryptionSet> now = parts.sets().find(tx, spec.id());
            when.check(spec.id(), now.map(DiskEncryptionSet::head));
            if (now.isPresent()) {
                throw DomainError.changedMeanwhile(spec.id()).asException();
            }
            return create(tx, permit, checked, spec, identity, warnings);
        });
    }

    /** Empty where there is no such set. Refused while anything uses it, naming what does. */
    public Optional<Accepted<DiskEncryptionSet>> delete(Call call, ArmId id, Precondition when) {
        return parts.doors()
                .act(
                        call,
                        Action.DISK_SET_DELETE,
                        Scope.of(id),
                        permit -> parts.operations().submit(permit, tx -> delete(tx, permit, id, when)));
    }

    private Optional<Accepted<DiskEncryptionSet>> delete(Tx tx, Permit permit, ArmId id, Precondition when) {
        Optional<DiskEncryptionSet> present = parts.sets().find(tx, id);
        when.check(id, present.map(DiskEncryptionSet::head));
        if (present.isEmpty()) {
            parts.groups().requirePresent(tx, id.group());
            permit.nothing();
            return Optional.empty();
        }
        DiskEncryptionSet set = present.get();
        changes.requireIdle(tx, set);
        SetUsers.requireNone(tx, parts, set);
        VerificationYield.to(
                tx,
                parts.operations(),
                set.id(),
                "is deleted",
                permit.call().caller().name());
        parts.setKeys().deleteUnused(tx, set.id(), Optional.empty());
        if (set.identity().own().isPresent()) {
            parts.identities().delete(tx, set.id());
        }
        parts.sets().delete(tx, set.id()).require(set.id());
        return Optional.of(
                Accepted.of(set, parts.operations().ended(permit, tx, OperationKind.DELETE_DISK_SET, set.id())));
    }

    private Accepted<DiskEncryptionSet> create(
            Tx tx,
            Permit permit,
            DiskSetRules.Checked checked,
            DiskSetSpec spec,
            IdentitySpec wanted,
            List<ErrorInfo> warnings) {
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
        if (parts.sets().insert(tx, set).missed()) {
            throw DomainError.changedMeanwhile(spec.id()).asException();
        }
        Operation done = parts.operations().ended(permit, tx, OperationKind.CREATE_DISK_SET, spec.id());
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
        return parts.sets().find(tx, id).orElseThrow(() -> parts.groups().missing(tx, id));
    }
}
