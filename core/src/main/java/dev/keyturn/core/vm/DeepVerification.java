package dev.keyturn.core.vm;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetInterlock;
import dev.keyturn.core.envelope.EnvelopeDamagedException;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Proves that every artifact of a set opens: its envelope under the set key it names, and its image, on the host that
 * has it, with the data key from the envelope. Streams in pages and changes nothing. One vault call per set key.
 * Thread-safe.
 */
public final class DeepVerification {
    private static final int PAGE = 500;
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
     * those that do not. Refused while the set is being rotated.
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
        DiskEncryptionSet set = parts.transactions().read(tx -> require(tx, setId));
        long verified = 0;
        long failed = 0;
        List<ImageProblem> named = new ArrayList<>();
        ArtifactId after = new ArtifactId(0);
        try (DataKeys keys = new DataKeys(parts, Optional.of(set))) {
            while (true) {
                ArtifactId from = after;
                List<Artifact> page =
                        parts.transactions().read(tx -> parts.artifacts().ofSet(tx, set.id(), from, PAGE));
                if (page.isEmpty()) {
                    return new Report(verified, failed, named);
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
        return new Report(looked - problems.size(), problems.size(), problems);
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
