package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.diskset.PreviousKeys;
import dev.keyturn.core.diskset.VerificationYield;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.Correlation;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks for rotations and tells about them. Thread-safe. */
public final class RotationService implements KeyChange {
    private final Transactions transactions;
    private final DiskSetStore sets;
    private final SetKeyStore setKeys;
    private final RotationStore rotations;
    private final OperationService operations;
    private final Doors doors;
    private final ResourceGroupService groups;
    private final ArtifactStore artifacts;
    private final Hosts hosts;
    private final Preflight preflight;
    private final Clock clock;

    public RotationService(RotationParts parts) {
        this.transactions = parts.transactions();
        this.sets = parts.sets();
        this.setKeys = parts.setKeyStore();
        this.rotations = parts.rotations();
        this.operations = parts.operations();
        this.doors = parts.doors();
        this.groups = parts.groups();
        this.artifacts = parts.artifacts();
        this.hosts = parts.hosts();
        this.preflight = parts.preflight();
        this.clock = parts.clock();
    }

    @Override
    public boolean needed(DiskEncryptionSet set, KeyId key) {
        return !set.activeKey().equals(key)
                || !transactions.read(tx -> PreviousKeys.of(tx, setKeys, set)).isEmpty();
    }

    @Override
    public Optional<ErrorInfo> unopenable(SetKey.Customer key, PrincipalId as) {
        return preflight.unopenable(key, as);
    }

    /** What stands against rotating to a key, and what should be known without being in the way of it. */
    public record Forecast(List<Blocker> blockers, List<ErrorInfo> warnings) {
        public Forecast {
            blockers = List.copyOf(blockers);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The dry run: everything against rotating to the key, nothing changed. No blockers mean that it would begin for this
     * caller, so it takes the right to write the set.
     */
    public Forecast preflight(Call call, ArmId id, KeyId to) {
        doors.require(call, Action.DISK_SET_WRITE, Scope.of(id));
        DiskEncryptionSet set = find(id);
        return Correlation.under(
                call.correlation(), () -> new Forecast(preflight.blockers(set, to), preflight.warnings(set, to)));
    }

    /** As {@link #begin(Permit, DiskEncryptionSet, KeyChange.Request)}, for a caller who may write the set. */
    public Operation begin(Call call, Request request) {
        return doors.act(
                        call,
                        Action.DISK_SET_WRITE,
                        Scope.of(request.set()),
                        permit -> begin(permit, find(request.set()), request))
                .operation();
    }

    /** The answer comes before any envelope is touched; the operation's end tells how it went. */
    @Override
    public Accepted<DiskEncryptionSet> begin(Permit permit, DiskEncryptionSet before, Request request) {
        requireMatch(before, request.ifMatch());
        DiskEncryptionSet wanted = transactions.read(tx -> request.others().apply(tx, before));
        List<Blocker> blockers = preflight.blockers(wanted, request.to());
        if (!blockers.isEmpty()) {
            throw Preflight.refusal(before, request.to(), blockers).asException();
        }
        return operations.submit(permit, tx -> begin(tx, permit, request, wanted));
    }

    private Accepted<DiskEncryptionSet> begin(Tx tx, Permit permit, Request request, DiskEncryptionSet wanted) {
        DiskEncryptionSet now = sets.find(tx, request.set())
                .orElseThrow(() -> gone(request.set()).asException());
        requireMatch(now, request.ifMatch());
        List<Blocker> blockers = preflight.recorded(tx, now);
        if (!blockers.isEmpty()) {
            throw Preflight.refusal(now, request.to(), blockers).asException();
        }
        DiskEncryptionSet changed = request.others().apply(tx, now);
        if (!changed.principal().equals(wanted.principal())) {
            throw DomainError.notAllowed("Disk encryption set '" + now.id().name()
                            + "' was changed by someone else while its rotation was being checked. Try again.")
                    .asException();
        }
        Instant time = clock.instant();
        String who = permit.call().caller().name();
        VerificationYield.to(tx, operations, now.id(), "is being rotated", who);
        Operation operation = operations.begin(permit, tx, OperationKind.ROTATE_DISK_SET, now.id(), Map.of());
        Resource head =
                now.head().with(changed.head().tags(), changed.head().document(), ProvisioningState.UPDATING, time);
        DiskEncryptionSet rotating = now.with(head, changed.identity()).rotating(operation.id());
        if (sets.update(tx, rotating).missed()) {
            throw new IllegalStateException("a set changed inside a write transaction: " + now.id());
        }
        rotations.insert(
                tx,
                new Rotation(
                        operation.id(),
                        now.id(),
                        now.activeKey(),
                        request.to(),
                        request.toVault(),
                        request.deep() || mustProve(tx, now.id()),
                        who,
                        Optional.empty(),
                        new ArtifactId(0),
                        0,
                        0,
                        0,
                        time,
                        Optional.empty()));
        return Accepted.of(rotating, operation);
    }

    /**
     * Whether an image of the set's is on a host whose images are proven: then every one is, before it counts as
     * re-wrapped. A host that is not there is taken for one of those.
     */
    private boolean mustProve(Tx tx, ArmId set) {
        return artifacts.hosts(tx, set).stream()
                .anyMatch(name -> hosts.all().stream()
                        .map(VmHost::info)
                        .filter(i -> i.name().equals(name))
                        .findFirst()
                        .map(i -> i.can().provesImages())
                        .orElse(true));
    }

    /** A rotation, how its operation stands, and what could not be updated. */
    public record Account(Rotation rotation, Optional<Operation> operation, List<ImageProblem> failures) {
        public Account {
            failures = List.copyOf(failures);
        }

        /**
         * How it ended or stands. An operation is forgotten some time after its end; what is left then counts as succeeded
         * only where it proves that.
         */
        public OperationStatus status() {
            return operation
                    .map(Operation::status)
                    .orElse(rotation.hasReached() ? OperationStatus.SUCCEEDED : OperationStatus.FAILED);
        }
    }

    /** Rotations of the set, newest first, without what could not be updated. */
    public List<Account> history(Call call, ArmId set, int limit) {
        doors.require(call, Action.DISK_SET_READ, Scope.of(set));
        DiskEncryptionSet of = find(set);
        return transactions.read(tx -> rotations.ofSet(tx, of.id(), limit)).stream()
                .map(r -> new Account(r, operations.find(r.id()), List.of()))
                .toList();
    }

    /** One rotation of the set, with up to so many artifacts that could not be updated; empty where it has none such. */
    public Optional<Account> find(Call call, ArmId set, OperationId id, int failures) {
        doors.require(call, Action.DISK_SET_READ, Scope.of(set));
        DiskEncryptionSet of = find(set);
        return transactions
                .read(tx -> rotations.find(tx, id))
                .filter(r -> r.set().equals(of.id()))
                .map(r -> new Account(
                        r, operations.find(id), transactions.read(tx -> rotations.failures(tx, id, failures))));
    }

    /** Of the artifacts of a set whose images a host has: how many are under a key version, and how many there are. */
    public record OnHost(String host, long moved, long total) {}

    /**
     * How far the set has come to the key version, by the name of the host. It reads an index entry of every artifact of
     * the set: some 200 ms with 300,000, so it is nothing to be asked every second.
     */
    public List<OnHost> byHost(Call call, ArmId set, KeyId to) {
        doors.require(call, Action.DISK_SET_READ, Scope.of(set));
        ArmId of = find(set).id();
        return transactions.read(tx -> {
            Optional<SetKeyId> target = setKeys.find(tx, of, to).map(SetKey::id);
            Map<String, OnHost> hosts = new TreeMap<>();
            artifacts
                    .byHost(tx, of)
                    .forEach((key, counts) -> counts.forEach((host, count) -> hosts.merge(
                            host,
                            new OnHost(host, target.equals(Optional.of(key)) ? count : 0, count),
                            (a, b) -> new OnHost(host, a.moved() + b.moved(), a.total() + b.total()))));
            return List.copyOf(hosts.values());
        });
    }

    private DiskEncryptionSet find(ArmId id) {
        return transactions.read(tx -> sets.find(tx, id).orElseThrow(() -> groups.missing(tx, id)));
    }

    private static DomainError.NotFound gone(ArmId id) {
        return DomainError.notFound(id);
    }

    private static void requireMatch(DiskEncryptionSet set, Optional<Long> ifMatch) {
        ifMatch.ifPresent(r -> Precondition.revision(r).check(set.id(), Optional.of(set.head())));
    }
}
