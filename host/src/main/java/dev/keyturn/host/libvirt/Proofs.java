package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Refusals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Looks at images without starting anything: whether they are there, used, and opened by their keys. Thread-safe. */
final class Proofs {
    /** So many are opened side by side. */
    private static final int AT_ONCE = 8;

    private final Storage storage;
    private final VtpmStates vtpms;

    Proofs(Storage storage, VtpmStates vtpms) {
        this.storage = storage;
        this.vtpms = vtpms;
    }

    /** Those of which a file, or a part of one, is not there, each with the file. */
    List<ImageProblem> missing(Collection<ArtifactImage> images) {
        List<ImageProblem> problems = new ArrayList<>();
        for (ArtifactImage image : images) {
            absent(image)
                    .or(() -> ImageSizes.wrong(image, storage))
                    .or(() -> image.vmId()
                            .filter(_ -> image.kind() == ArtifactKind.GUEST_STATE)
                            .flatMap(vm -> VtpmLength.wrong(storage.tpm(vm))))
                    .ifPresent(why -> problems.add(new ImageProblem(image.artifact(), why)));
        }
        return problems;
    }

    private Optional<ErrorInfo> absent(ArtifactImage image) {
        return storage.files(image).stream()
                .filter(f -> !Storage.isFile(f))
                .findFirst()
                .map(f ->
                        ErrorInfo.of(Refusals.MISSING.code(), "The host has no image of it: " + f + " is not there."));
    }

    /** That {@code file} is locked, which is beside {@code image} or the image itself. */
    record Lock(Path image, Path file, String why) {}

    /** Why somebody may be using the image: a lock on one of its files. */
    Optional<Lock> locked(ArtifactImage image) {
        for (Path file : storage.files(image)) {
            boolean vtpm = file.endsWith(VtpmStates.FILE);
            Path lock = vtpm ? file.resolveSibling(".lock") : file;
            Optional<String> why = ImageLocks.held(lock);
            if (why.isPresent()) {
                return Optional.of(new Lock(file, lock, why.get()));
            }
        }
        return Optional.empty();
    }

    /** Those that are missing, or that their data keys do not open. */
    List<ImageProblem> closed(Collection<HostArtifact> artifacts) {
        List<ImageProblem> problems = new ArrayList<>();
        List<HostArtifact> all = List.copyOf(artifacts);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<Callable<Optional<ErrorInfo>>> work = new ArrayList<>();
            List<HostArtifact> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            some.forEach(a -> work.add(() -> look(a)));
            List<Optional<ErrorInfo>> found = Parallel.run(work);
            for (int i = 0; i < some.size(); i++) {
                ArtifactImage image = some.get(i).image();
                found.get(i).ifPresent(why -> problems.add(new ImageProblem(image.artifact(), why)));
            }
        }
        return problems;
    }

    private Optional<ErrorInfo> look(HostArtifact artifact) {
        ArtifactImage image = artifact.image();
        Optional<ErrorInfo> lost =
                absent(image).or(() -> ImageSizes.wrong(image, storage)).or(() -> ImageSizes.lost(image, storage));
        if (lost.isPresent()) {
            return lost;
        }
        try {
            return image.kind() == ArtifactKind.GUEST_STATE ? guestState(artifact) : disk(artifact);
        } catch (ToolFailedException e) {
            return Optional.of(ErrorInfo.of(
                    "ImageNotProven", "Whether its image opens cannot be found out: " + e.getMessage() + "."));
        }
    }

    private Optional<ErrorInfo> disk(HostArtifact artifact) {
        Path file = storage.disk(artifact.image().diskId().orElseThrow());
        Passphrases use = artifact.image().kind() == ArtifactKind.OS_DISK ? Passphrases.OS_DISK : Passphrases.DATA_DISK;
        return luks(file, use, artifact, "The LUKS header of its image");
    }

    private Optional<ErrorInfo> guestState(HostArtifact artifact) {
        UUID vm = artifact.image().vmId().orElseThrow();
        Optional<ErrorInfo> variables = luks(
                storage.variables(vm), Passphrases.UEFI_VARIABLES, artifact, "The LUKS header of its UEFI variables");
        if (variables.isPresent()) {
            return variables;
        }
        try (SecretBytes passphrase = Passphrases.VTPM_STATE.of(artifact.dataKey())) {
            Path state = storage.tpm(vm);
            return vtpms.opens(state, passphrase) ? Optional.empty() : Optional.of(closed("Its vTPM state", state));
        }
    }

    private static Optional<ErrorInfo> luks(Path file, Passphrases use, HostArtifact artifact, String what) {
        try (SecretBytes passphrase = use.of(artifact.dataKey())) {
            return LuksImages.opens(file, passphrase) ? Optional.empty() : Optional.of(closed(what, file));
        }
    }

    private static ErrorInfo closed(String what, Path file) {
        return ErrorInfo.of(Refusals.CLOSED.code(), what + " does not open with the data key (" + file + ").");
    }
}
