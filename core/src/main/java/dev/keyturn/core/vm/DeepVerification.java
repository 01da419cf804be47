package dev.keyturn.core.vm;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.diskset.VerificationYield;
import dev.keyturn.core.envelope.EnvelopeDamagedException;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Proves that every artifact of a set opens: its envelope under the set key it names, and its image, on the host that
 * has it, with the data key from the envelope. Streams in pages and changes nothing. One vault call per set key.
 * Thread-safe.
 */
public final class DeepVerification {
    private static final int PAGE = 100;
    /** A report names this many problems; it counts them all. */
    private static final int NAMED = 1_000;

    private final VmParts parts;

    public DeepVerification(VmParts parts) {
        this.parts = parts;
    }

    /** {@code failed} counts all artifacts that did not open; {@code problems} names the first thousand. */
    public record Report(long verified, long failed, List<ImageProblem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }

        public boolean allOpen() {
            return failed == 0;
        }
    }

    /**
     * Begins {@link #verify} as an operation on the set: it succeeds when every artifact opens and otherwise fails, naming
     * those that do not. Refused while the set is being rotated; it refuses nobody itself ({@link VerificationYield}).
     */
    public Operation begin(ArmId setId, String requestedBy) {
        return parts.operations().submit(tx -> {
            DiskEncryptionSet set = require(tx, setId);
            SetInterlock.requireNoRotation(set, "verified");
            parts.operations().requireIdle(tx, set.id());
            return parts.operations().begin(tx, OperationKind.VERIFY_DISK_SET, set.id(), Map.of(), requestedBy);
        });
    }

    /** @throws DomainException {@code ResourceNotFound}, or the vault's refusal where a set key cannot be unwrapped */
    public Report verify(ArmId setId) {
        return verify(setId, () -> true).orElseThrow();
    }

    /** As {@link #verify(ArmId)}; empty where {@code goOn}, asked before each page, says that nobody waits for it. */
    Optional<Report> verify(ArmId setId, BooleanSupplier goOn) {
        DiskEncryptionSet set = parts.transactions().read(tx -> require(tx, setId));
        long verified = 0;
        long failed = 0;
        List<ImageProblem> named = new ArrayList<>();
        ArtifactId after = new ArtifactId(0);
        try (DataKeys keys = new DataKeys(parts, Optional.of(set))) {
            while (true) {
                if (!goOn.getAsBoolean()) {
                    return Optional.empty();
                }
                ArtifactId from = after;
                List<Artifact> page =
                        parts.transactions().read(tx -> parts.artifacts().ofSet(tx, set.id(), from, PAGE));
                if (page.isEmpty()) {
                    return Optional.of(new Report(verified, failed, named));
                }
                Report proven = prove(keys, page);
                failed += proven.failed();
                verified += proven.verified();
                proven.problems().stream().limit(NAMED - named.size()).forEach(named::add);
                after = page.getLast().id();
            }
        }
    }

    private DiskEncryptionSet require(Tx tx, ArmId id) {
        return parts.sets()
                .find(tx, id)
                .orElseThrow(() -> DomainError.notFound(id).asException());
    }

    /** One page, host by host; a host that does not answer proves nothing of its artifacts. */
    private Report prove(DataKeys keys, List<Artifact> page) {
        List<ImageProblem> problems = new ArrayList<>();
        Map<ArtifactId, ImageRef> images = parts.transactions()
                .read(tx -> parts.artifacts()
                        .images(tx, page.stream().map(Artifact::id).toList()));
        Map<String, List<HostArtifact>> byHost = new LinkedHashMap<>();
        long looked = 0;
        for (Artifact artifact : page) {
            ImageRef image = images.get(artifact.id());
            if (image == null) {
                // deleted since the page was read
                continue;
            }
            looked++;
            try {
                byHost.computeIfAbsent(artifact.host(), h -> new ArrayList<>())
                        .add(new HostArtifact(image, keys.open(artifact)));
            } catch (EnvelopeDamagedException e) {
                problems.add(new ImageProblem(artifact.id(), DataKeys.damage(artifact)));
            }
        }
        byHost.forEach((host, artifacts) -> {
            try {
                problems.addAll(named(page, parts.hosts().named(host).prove(artifacts)));
            } catch (DomainException e) {
                artifacts.forEach(a -> problems.add(
                        new ImageProblem(a.image().artifact(), e.error().info())));
            }
        });
        keys.takeBack();
        Set<ArtifactId> moved = movedMeanwhile(page, problems);
        problems.removeIf(p -> moved.contains(p.artifact()));
        return new Report(looked - moved.size() - problems.size(), problems.size(), problems);
    }

    /**
     * Those with a problem that are gone meanwhile, or in the making or on their way out: nothing can be said of them,
     * and a VM or a disk is created and deleted without waiting for a verification.
     */
    private Set<ArtifactId> movedMeanwhile(List<Artifact> page, List<ImageProblem> problems) {
        if (problems.isEmpty()) {
            return Set.of();
        }
        Set<ArtifactId> moved =
                problems.stream().map(ImageProblem::artifact).collect(Collectors.toCollection(HashSet::new));
        Map<ArtifactId, Long> before = page.stream().collect(Collectors.toMap(Artifact::id, Artifact::revision));
        List<ArtifactId> there = parts.transactions()
                .read(tx -> parts.artifacts().byIds(tx, moved).stream()
                        .filter(a -> a.revision() == Objects.requireNonNull(before.get(a.id())) && settled(tx, a))
                        .map(Artifact::id)
                        .toList());
        there.forEach(moved::remove);
        return moved;
    }

    private boolean settled(Tx tx, Artifact artifact) {
        return Stream.concat(
                        artifact.vm().flatMap(v -> parts.vms().find(tx, v)).map(ConfidentialVm::head).stream(),
                        artifact.disk().flatMap(d -> parts.disks().find(tx, d)).map(Disk::head).stream())
                .map(Resource::state)
                .noneMatch(s -> s == ProvisioningState.CREATING || s == ProvisioningState.DELETING);
    }

    /** Hosts say "its image"; a person is told whose. */
    private static List<ImageProblem> named(List<Artifact> page, List<ImageProblem> problems) {
        Map<ArtifactId, Artifact> byId = page.stream().collect(Collectors.toMap(Artifact::id, Function.identity()));
        return problems.stream()
                .map(p -> {
                    Artifact artifact = Objects.requireNonNull(byId.get(p.artifact()));
                    String target = artifact.vm()
                            .or(artifact::disk)
                            .map(ArmId::toString)
                            .orElse("");
                    ErrorInfo why = p.reason();
                    return new ImageProblem(
                            p.artifact(),
                            ErrorInfo.at(target, why.code(), artifact.describe() + ": " + why.message())
                                    .with(why.details()));
                })
                .toList();
    }
}
