package dev.keyturn.host.simulated;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.host.Names;
import dev.keyturn.host.Refusals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is wrong with images: asked of many at a time, answered with a problem for each that has one. */
final class Images {
    private static final long GIB = 1L << 30;

    private final Transactions transactions;
    private final SimulatedMachines machines;
    private final Faults faults;
    private final Names names;
    private final ImageCipher cipher;

    Images(Transactions transactions, SimulatedMachines machines, Faults faults, Names names, ImageCipher cipher) {
        this.transactions = transactions;
        this.machines = machines;
        this.faults = faults;
        this.names = names;
        this.cipher = cipher;
    }

    /** Those whose envelope cannot change: missing, in use, or refused by a fault. One query where no fault is set. */
    List<ImageProblem> refusals(Collection<ArtifactImage> images, List<Fault> set) {
        List<Fault> refusing =
                set.stream().filter(f -> f.kind() == FaultKind.UPDATE_REFUSED).toList();
        if (refusing.stream().anyMatch(f -> f.times().isPresent())) {
            return transactions.write(tx -> refusals(tx, images, refusing));
        }
        return transactions.read(tx -> refusals(tx, images, refusing));
    }

    private List<ImageProblem> refusals(Tx tx, Collection<ArtifactImage> images, List<Fault> refusing) {
        Map<ArtifactId, SimulatedMachines.Use> uses = machines.uses(tx, ids(images));
        Map<ArtifactId, Fault> refused = refusing.isEmpty() ? Map.of() : struck(tx, images, refusing);
        List<ImageProblem> problems = new ArrayList<>();
        for (ArtifactImage image : images) {
            ArtifactId id = image.artifact();
            Optional<SimulatedMachines.Use> state = Optional.ofNullable(uses.get(id));
            Optional<ErrorInfo> cut = state.flatMap(s -> cut(image, s.bytes()));
            Optional<Fault> fault = Optional.ofNullable(refused.get(id));
            if (state.isEmpty()) {
                problems.add(new ImageProblem(id, Refusals.MISSING));
            } else if (cut.isPresent()) {
                problems.add(new ImageProblem(id, cut.get()));
            } else if (state.get().running()) {
                problems.add(new ImageProblem(id, Refusals.IN_USE));
            } else if (fault.isPresent()) {
                problems.add(new ImageProblem(id, updateRefused(fault.get())));
            }
        }
        return problems;
    }

    private Map<ArtifactId, Fault> struck(Tx tx, Collection<ArtifactImage> images, List<Fault> refusing) {
        Map<ArtifactId, Fault> struck = new HashMap<>();
        Map<ArtifactId, HeldArtifact> known = names.artifacts(tx, ids(images));
        for (Fault fault : refusing) {
            List<ArtifactId> hit = known.values().stream()
                    .filter(fault::hits)
                    .map(h -> h.artifact().id())
                    .filter(id -> !struck.containsKey(id))
                    .sorted()
                    .toList();
            long times = hit.isEmpty() ? 0 : faults.use(tx, fault, hit.size());
            hit.stream().limit(times).forEach(id -> struck.put(id, fault));
        }
        return struck;
    }

    /** Those that are missing, or do not open with their data key. */
    List<ImageProblem> closed(Collection<HostArtifact> artifacts, List<Fault> set) {
        List<ArtifactId> ids = artifacts.stream().map(a -> a.image().artifact()).toList();
        Map<ArtifactId, SimulatedMachines.Image> stored = transactions.read(tx -> machines.images(tx, ids));
        Map<ArtifactId, Fault> corrupt = corrupt(ids, set);
        List<ImageProblem> problems = new ArrayList<>();
        for (HostArtifact artifact : artifacts) {
            ArtifactId id = artifact.image().artifact();
            Optional<SimulatedMachines.Image> image = Optional.ofNullable(stored.get(id));
            Optional<ErrorInfo> cut = image.flatMap(i -> cut(artifact.image(), i.bytes()));
            if (image.isEmpty()) {
                problems.add(new ImageProblem(id, Refusals.MISSING));
            } else if (cut.isPresent()) {
                problems.add(new ImageProblem(id, cut.get()));
            } else if (!opens(artifact, image.get(), corrupt.containsKey(id))) {
                problems.add(new ImageProblem(id, Refusals.CLOSED));
            }
        }
        return problems;
    }

    private Map<ArtifactId, Fault> corrupt(Collection<ArtifactId> ids, List<Fault> set) {
        Map<ArtifactId, Fault> corrupt = new HashMap<>();
        List<Fault> corrupting =
                set.stream().filter(f -> f.kind() == FaultKind.IMAGE_CORRUPT).toList();
        if (!corrupting.isEmpty()) {
            for (HeldArtifact held :
                    transactions.read(tx -> names.artifacts(tx, ids)).values()) {
                corrupting.stream()
                        .filter(f -> f.hits(held))
                        .filter(faults::strikes)
                        .findFirst()
                        .ifPresent(f -> corrupt.put(held.artifact().id(), f));
            }
        }
        return corrupt;
    }

    boolean opens(HostArtifact artifact, SimulatedMachines.Image image, boolean damaged) {
        byte[] bytes = damaged ? ImageCipher.damaged(image.sealed()) : image.sealed();
        return cipher.opens(image.artifact(), image.kind(), bytes, artifact.dataKey());
    }

    SimulatedMachines.Image made(Optional<UUID> vmId, HostArtifact artifact) {
        ArtifactImage ref = artifact.image();
        byte[] sealed = cipher.seal(ref.artifact(), ref.kind(), artifact.dataKey());
        return new SimulatedMachines.Image(
                ref.artifact(), ref.kind(), vmId, sealed, ref.made().map(Images::bytes));
    }

    /** As on a real host: shorter than it was made is cut, longer is nothing lost. */
    private static Optional<ErrorInfo> cut(ArtifactImage image, Optional<Long> bytes) {
        return image.made()
                .map(Images::bytes)
                .filter(needed -> bytes.filter(is -> is < needed).isPresent())
                .map(needed -> ErrorInfo.of(
                        "ImageCut",
                        "Its image is cut off: it has " + bytes.orElse(0L) + " bytes, and " + needed
                                + " are needed. What was behind them is gone."));
    }

    private static long bytes(ArtifactImage.Made made) {
        return made.sizeGb() * GIB;
    }

    private static ErrorInfo updateRefused(Fault fault) {
        return ErrorInfo.of("HostRefusedUpdate", "The host cannot update it (fault '" + fault.id() + "').");
    }

    static List<ArtifactId> ids(Collection<ArtifactImage> images) {
        return images.stream().map(ArtifactImage::artifact).toList();
    }
}
