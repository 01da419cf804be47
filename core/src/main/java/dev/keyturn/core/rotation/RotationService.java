package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.diskset.PreviousKeys;
import dev.keyturn.core.diskset.VerificationYield;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks for rotations and tells about them. Thread-safe. */
public final class RotationService implements KeyChange {
    private final Transactions transactions;
    private final DiskSetStore sets;
    private final SetKeyStore setKeys;
    private final RotationStore rotations;
    private final OperationService operations;
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
        this.artifacts = parts.artifacts();
        this.hosts = parts.hosts();
        this.preflight = parts.preflight();
        this.clock = parts.clock();
    }

    @Override
    public boolean needed(DiskEncryptionSet set, KeyId key) {
        return !set.activeKey().equals(key) || !previousKeys(set).isEmpty();
    }

    @Override
    public Optional<ErrorInfo> unopenable(SetKey.Customer key, PrincipalId as) {
        return preflight.unopenable(key, as);
    }

    /** What should be known of rotating to the key without being in the way of it. */
    public List<ErrorInfo> warnings(ArmId set, KeyId to) {
        return preflight.warnings(find(set), to);
    }

    /** The key versions other than the active one that artifacts of the set are under; empty unless split. */
    public List<KeyId> previousKeys(DiskEncryptionSet set) {
        return transactions.read(tx -> PreviousKeys.of(tx, setKeys, set));
    }

    /** The dry run: everything against rotating to the key, nothing changed. Empty means it would begin. */
    public List<Blocker> preflight(ArmId set, KeyId to) {
        return preflight.blockers(find(set), to);
    }

    /** The answer comes before any envelope is touched; the operation's end tells how it went. */
    @Override
    public Operation begin(Request request) {
        DiskEncryptionSet before = find(request.set());
        requireMatch(before, request.ifMatch());
        DiskEncryptionSet wanted = transactions.read(tx -> request.others().apply(tx, before));
        List<Blocker> blockers = preflight.blockers(wanted, request.to());
        if (!blockers.isEmpty()) {
            throw Preflight.refusal(before, request.to(), blockers).asException();
        }
        return operations.submit(tx -> begin(tx, request, wanted));
    }

    private Operation begin(Tx tx, Request request, DiskEncryptionSet wanted) {
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
        VerificationYield.to(tx, operations, now.id(), "is being rotated", request.requestedBy());
        Operation operation =
                operations.begin(tx, OperationKind.ROTATE_DISK_SET, now.id(), Map.of(), request.requestedBy());
        // one revision higher than what is stored, whatever the change counted
        Resource head = withRevision(changed, now.head().revision() + 1, time);
        DiskEncryptionSet rotating = now.with(head, changed.identity()).rotating(operation.id());
        if (!sets.update(tx, rotating)) {
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
                        request.requestedBy(),
                        Optional.empty(),
                        new ArtifactId(0),
                        0,
                        0,
                        0,
                        time,
                        Optional.empty()));
        return operation;
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

    private static Resource withRevision(DiskEncryptionSet set, long revision, Instant now) {
        var h = set.head();
        return new Resource(
                h.id(), h.location(), h.tags(), h.document(), ProvisioningState.UPDATING, revision, h.createdAt(), now);
    }

    public Optional<Rotation> find(OperationId id) {
        return transactions.read(tx -> rotations.find(tx, id));
    }

    /** Newest first. */
    public List<Rotation> history(ArmId set, int limit) {
        return transactions.read(tx -> rotations.ofSet(tx, set, limit));
    }

    public List<ImageProblem> failures(OperationId id, int limit) {
        return transactions.read(tx -> rotations.failures(tx, id, limit));
    }

    private DiskEncryptionSet find(ArmId id) {
        return transactions.read(tx -> sets.find(tx, id)).orElseThrow(() -> gone(id).asException());
    }

    private static DomainError.NotFound gone(ArmId id) {
        return DomainError.notFound(id);
    }

    private static void requireMatch(DiskEncryptionSet set, Optional<Long> ifMatch) {
        ifMatch.ifPresent(r -> Precondition.revision(r).check(set.id(), Optional.of(set.head())));
    }
}
