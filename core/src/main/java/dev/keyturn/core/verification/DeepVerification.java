package dev.keyturn.core.verification;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.artifact.DataKeys;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.PreviousKeys;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.diskset.VerificationYield;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.EnvelopeDamagedException;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Proves that every artifact of a set opens: its envelope under the set key it names, and its image, on the host that
 * has it, with the data key from the envelope. Streams in pages and changes nothing. One vault call per set key. What is
 * made or deleted while it looks is left out: nothing can be said of it, and nothing waits for a verification.
 * Thread-safe.
 */
public final class DeepVerification {
    private static final int PAGE = 100;

    private final Parts parts;

    /** What it stands on. */
    public record Parts(
            ArtifactKeys keys,
            DiskSetStore sets,
            Hosts hosts,
            OperationService operations,
            Doors doors,
            ResourceGroupService groups,
            VerificationStore verifications,
            Clock clock) {
        Transactions transactions() {
            return keys.transactions();
        }

        ArtifactStore artifacts() {
            return keys.artifacts();
        }
    }

    public DeepVerification(Parts parts) {
        this.parts = parts;
    }

    /**
     * {@code failed} counts all artifacts that did not open; {@code problems} names the first thousand; {@code through},
     * {@code leftOut} and {@code unseen} are as {@link Verification.Answer} has them.
     */
    public record Report(
            long verified,
            long failed,
            List<ImageProblem> problems,
            ArtifactId through,
            Set<ArtifactId> leftOut,
            Verification.Unseen unseen) {
        public Report {
            problems = List.copyOf(problems);
            leftOut = Set.copyOf(leftOut);
        }

        public boolean allOpen() {
            return failed == 0 && unseen.count() == 0;
        }
    }

    /**
     * Begins {@link #verify} as an operation on the set: it succeeds when every artifact opens and otherwise fails, naming
     * those that do not and the hosts that did not answer. Refused while the set is being rotated; it refuses nobody itself ({@link VerificationYield}).
     */
    public Accepted<DiskEncryptionSet> begin(Call call, ArmId setId) {
        return parts.doors()
                .act(
                        call,
                        Action.DISK_SET_VERIFY,
                        Scope.of(setId),
                        permit -> parts.operations().submit(permit, tx -> begin(tx, permit, setId)));
    }

    private Accepted<DiskEncryptionSet> begin(Tx tx, Permit permit, ArmId setId) {
        DiskEncryptionSet set = require(tx, setId);
        SetInterlock.requireNoRotation(set, "verified");
        parts.operations().requireIdle(tx, set.id());
        return Accepted.of(
                set, parts.operations().begin(permit, tx, OperationKind.VERIFY_DISK_SET, set.id(), Map.of()));
    }

    /** The verification of the set that is under way, or else the one of that id, for who may read the set. */
    public Optional<Operation> find(Call call, ArmId setId, Optional<OperationId> asked) {
        parts.doors().require(call, Action.DISK_SET_READ, Scope.of(setId));
        return parts.transactions()
                .read(tx -> parts.operations().running(tx, setId, OperationKind.VERIFY_DISK_SET))
                .or(() -> asked.flatMap(parts.operations()::find)
                        .filter(o -> o.kind() == OperationKind.VERIFY_DISK_SET
                                && o.target().equals(setId)));
    }

    /** What verifications that have ended found of the set, for who may read it. */
    public Verification.Known last(Call call, ArmId setId) {
        parts.doors().require(call, Action.DISK_SET_READ, Scope.of(setId));
        return parts.transactions().read(tx -> parts.verifications().of(tx, setId));
    }

    /** Keeps what the operation found, in the transaction that ends it. */
    void answered(Tx tx, Operation operation, Report report, Optional<ErrorInfo> error) {
        DiskEncryptionSet set = require(tx, operation.target());
        Verification.Answer answer = new Verification.Answer(
                set.activeKey(),
                PreviousKeys.of(tx, parts.keys().setKeyStore(), set).size(),
                report.through(),
                report.verified(),
                report.failed(),
                report.problems().stream().map(ImageProblem::artifact).collect(Collectors.toUnmodifiableSet()),
                report.leftOut(),
                report.unseen());
        ended(tx, operation, error, Optional.of(answer));
    }

    /** Keeps that the operation came to no answer, and why. */
    void unanswered(Tx tx, Operation operation, ErrorInfo why) {
        ended(tx, operation, Optional.of(why), Optional.empty());
    }

    private void ended(Tx tx, Operation operation, Optional<ErrorInfo> error, Optional<Verification.Answer> answer) {
        parts.verifications()
                .ended(
                        tx,
                        operation.target(),
                        new Verification(
                                operation.id(),
                                operation.requestedBy(),
                                operation.startedAt(),
                                parts.clock().instant(),
                                error,
                                answer));
    }

    /** @throws DomainException {@code ResourceNotFound}, or the vault's refusal where a set key cannot be unwrapped */
    public Report verify(ArmId setId) {
        Findings found = look(setId, () -> true).orElseThrow();
        return parts.transactions().read(found::report);
    }

    /** Looks at everything; empty where {@code goOn}, asked before each page, says that nobody waits for it. */
    Optional<Findings> look(ArmId setId, BooleanSupplier goOn) {
        DiskEncryptionSet set = parts.transactions().read(tx -> require(tx, setId));
        Findings found = new Findings(parts.artifacts());
        ArtifactId after = new ArtifactId(0);
        try (DataKeys keys = parts.keys().lend(Optional.of(set.principal()))) {
            while (goOn.getAsBoolean()) {
                ArtifactId from = after;
                Page page = parts.transactions().read(tx -> page(tx, set.id(), from));
                if (page.artifacts().isEmpty()) {
                    found.leaveOutTheGone(parts.transactions());
                    return Optional.of(found);
                }
                prove(keys, page, found);
                found.cameTo(page.artifacts().getLast().id());
                after = page.artifacts().getLast().id();
            }
            return Optional.empty();
        } catch (IllegalStateException | DomainException e) {
            if (goOn.getAsBoolean()) {
                throw e;
            }
            return Optional.empty(); // what took over has another key, or no set, by now
        }
    }

    private DiskEncryptionSet require(Tx tx, ArmId id) {
        return parts.sets().find(tx, id).orElseThrow(() -> parts.groups().missing(tx, id));
    }

    /** Some artifacts, and how hosts call those that can be looked at: neither in the making nor on their way out. */
    private record Page(List<Artifact> artifacts, Map<ArtifactId, ArtifactImage> images) {}

    private Page page(Tx tx, ArmId set, ArtifactId after) {
        List<Artifact> artifacts = parts.artifacts().ofSet(tx, set, after, PAGE);
        Set<ArtifactId> settled = parts.artifacts()
                .settled(tx, artifacts.stream().map(Artifact::id).toList());
        return new Page(
                artifacts, settled.isEmpty() ? Map.of() : parts.artifacts().images(tx, settled));
    }

    /** One page, host by host; a host that does not answer proves nothing of its artifacts. */
    private void prove(DataKeys keys, Page page, Findings found) {
        Map<ArtifactId, ErrorInfo> closed = new LinkedHashMap<>();
        Map<String, List<HostArtifact>> byHost = new LinkedHashMap<>();
        Map<ArtifactId, Silence> unseen = new LinkedHashMap<>();
        long looked = 0;
        for (Artifact artifact : page.artifacts()) {
            ArtifactImage image = page.images().get(artifact.id());
            if (image == null) {
                found.leftOut(artifact.id());
                continue;
            }
            try {
                byHost.computeIfAbsent(artifact.host(), h -> new ArrayList<>())
                        .add(new HostArtifact(image, keys.open(artifact)));
            } catch (EnvelopeDamagedException e) {
                closed.put(artifact.id(), DataKeys.DAMAGED);
            } catch (DomainException e) {
                if (there(Set.of(artifact.id())).isEmpty()) {
                    found.leftOut(artifact.id());
                    continue; // the last that was under that key: nothing keeps the key any more
                }
                throw e;
            }
            looked++;
        }
        byHost.forEach((host, artifacts) -> {
            try {
                parts.hosts().named(host).prove(artifacts).forEach(p -> closed.put(p.artifact(), p.reason()));
            } catch (DomainException e) {
                artifacts.forEach(a -> unseen.put(
                        a.image().artifact(), new Silence(host, e.error().info())));
            }
        });
        keys.takeBack();
        found.opened(looked - closed.size() - unseen.size());
        unseen.forEach((id, silence) -> found.unseen(id, silence.host(), silence.why()));
        List<ImageProblem> problems = problems(closed);
        problems.forEach(found::problem);
        Set<ArtifactId> dropped = new HashSet<>(closed.keySet());
        problems.forEach(p -> dropped.remove(p.artifact()));
        dropped.forEach(found::leftOut);
    }

    /** Of those that are still there, by id; the others may stay, and then did not open. Hosts say "its image" of what is closed; a person is told whose. */
    private List<ImageProblem> problems(Map<ArtifactId, ErrorInfo> closed) {
        Set<ArtifactId> all = new TreeSet<>(closed.keySet());
        if (all.isEmpty()) {
            return List.of();
        }
        return parts.transactions().read(tx -> {
            Set<ArtifactId> there = parts.artifacts().settled(tx, all);
            Map<ArtifactId, HeldArtifact> held = parts.artifacts().held(tx, there);
            return all.stream()
                    .flatMap(id -> Optional.ofNullable(held.get(id)).stream())
                    .map(h -> new ImageProblem(
                            h.artifact().id(),
                            h.problem(Objects.requireNonNull(
                                    closed.get(h.artifact().id())))))
                    .toList();
        });
    }

    /** A host that did not answer. */
    private record Silence(String host, ErrorInfo why) {}

    private Set<ArtifactId> there(Set<ArtifactId> ids) {
        return parts.transactions().read(tx -> parts.artifacts().settled(tx, ids));
    }

    /** The handler of its operation, for the runner of operations. */
    public OperationHandler handler() {
        return new VerifyDiskSetHandler(parts.operations(), this);
    }
}
