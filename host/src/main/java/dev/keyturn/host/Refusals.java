package dev.keyturn.host;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The words of a host's refusals. A problem of an image says "it"; a refusal of a call names each by name. */
public final class Refusals {
    public static final ErrorInfo MISSING = ErrorInfo.of("ImageMissing", "The host has no image of it.");
    public static final ErrorInfo IN_USE = ErrorInfo.of("ImageInUse", "Its image is in use: the VM runs on the host.");
    public static final ErrorInfo CLOSED =
            ErrorInfo.of("ImageDoesNotOpen", "Its image does not open with the data key.");
    public static final ErrorInfo ELSEWHERE =
            ErrorInfo.of("ImageNotAttached", "On the host it is attached to another VM.");
    public static final ErrorInfo VM_RUNS =
            ErrorInfo.of("VmRunning", "The VM it is to be attached to runs on the host.");

    /** The code of what a machine says that keeps a disk which is to be taken from it. */
    public static final String NOT_RELEASED = "DiskNotReleased";

    private final Names names;

    public Refusals(Names names) {
        this.names = names;
    }

    public static List<ImageProblem> where(
            Collection<ArtifactImage> images, Predicate<ArtifactImage> wrong, ErrorInfo reason) {
        return images.stream()
                .filter(wrong)
                .map(ref -> new ImageProblem(ref.artifact(), reason))
                .toList();
    }

    /** Refuses with a detail per problem, each naming its artifact; does nothing where there is none. */
    public void refuse(Tx tx, String message, Collection<ArtifactImage> images, List<ImageProblem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        Map<ArtifactId, ArtifactImage> refs =
                images.stream().collect(Collectors.toMap(ArtifactImage::artifact, Function.identity(), (a, b) -> a));
        Map<ArtifactId, HeldArtifact> known = names.artifacts(tx, refs.keySet());
        List<ErrorInfo> details = problems.stream()
                .map(p -> ErrorInfo.at(
                        p.artifact().toString(),
                        p.reason().code(),
                        name(Optional.ofNullable(known.get(p.artifact())), Optional.ofNullable(refs.get(p.artifact())))
                                + ": " + p.reason().message()))
                .toList();
        String all = String.join(" ", details.stream().map(ErrorInfo::message).toList());
        throw new DomainError.Conflict(ErrorInfo.of(details.getFirst().code(), message + " " + all)
                        .with(details))
                .asException();
    }

    public String vm(Tx tx, UUID vmId) {
        return "VM '" + names.vm(tx, vmId).map(v -> v.id().name()).orElse(vmId.toString()) + "'";
    }

    public DomainException conflict(Tx tx, UUID vmId, String code, String what) {
        return new DomainError.Conflict(ErrorInfo.of(code, vm(tx, vmId) + " " + what)).asException();
    }

    private static String name(Optional<HeldArtifact> artifact, Optional<ArtifactImage> image) {
        return artifact.map(HeldArtifact::describe)
                .or(() -> image.map(i -> i.kind().wire() + " (artifact " + i.artifact() + ")"))
                .orElse("artifact");
    }
}
