package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.NameRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with an {@link ImageSpec} by itself, all of it at once. */
final class ImageRules {
    static final String OS_DISK = "properties.storageProfile.osDisk";
    static final String BLOB_URI = OS_DISK + ".blobUri";
    private static final String GENERATION = "properties.hyperVGeneration";
    private static final String SCHEME = "file:///";

    private ImageRules() {}

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} with every problem */
    static void check(ImageSpec spec) {
        List<ErrorInfo> problems = new ArrayList<>();
        NameRules.broken(spec.id())
                .ifPresent(rule -> problems.add(DomainError.field(
                        "name", "The name '" + spec.id().name() + "' is not one of an image: " + rule + ".")));
        generation(spec, problems);
        if (name(spec).isEmpty()) {
            problems.add(DomainError.field(
                    BLOB_URI,
                    "'" + BLOB_URI + "' must be file:///PATH, with PATH counted from the server's images directory, for"
                            + " example file:///debian-12.qcow2"
                            + spec.blobUri().map(u -> "; it is '" + u + "'.").orElse(".")));
        }
        oneOf(OS_DISK + ".osType", spec.osType(), List.of("Linux", "Windows"), problems);
        oneOf(OS_DISK + ".osState", spec.osState(), List.of("Generalized", "Specialized"), problems);
        spec.sizeGb()
                .filter(gb -> gb < 1 || gb > BaseImage.MAX_GB)
                .ifPresent(gb -> problems.add(DomainError.field(
                        OS_DISK + ".diskSizeGB",
                        "'" + OS_DISK + ".diskSizeGB' must be between 1 and " + BaseImage.MAX_GB + ", not " + gb
                                + ".")));
        for (String source : spec.otherSources()) {
            problems.add(DomainError.field(
                    source,
                    "'" + source + "' must be absent: images here are made from a file, which '" + BLOB_URI
                            + "' names, and have an OS disk alone."));
        }
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
    }

    private static void generation(ImageSpec spec, List<ErrorInfo> problems) {
        if (spec.generation().isEmpty()) {
            problems.add(DomainError.field(GENERATION, "'" + GENERATION + "' is required: V2."));
        } else if (!spec.generation().get().equalsIgnoreCase("V2")) {
            problems.add(DomainError.field(
                    GENERATION,
                    "'" + GENERATION + "' must be V2, not '" + spec.generation().get()
                            + "': confidential VMs boot by UEFI, so the image must have an EFI system partition."));
        }
    }

    /** The name of the file in the images directory; empty where the address is missing or of another form. */
    static Optional<String> name(ImageSpec spec) {
        return spec.blobUri()
                .filter(u -> u.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .flatMap(ImageRules::path)
                .filter(ImageFile::isPlain);
    }

    private static Optional<String> path(String text) {
        try {
            URI uri = new URI(text);
            boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null;
            return Optional.ofNullable(uri.getPath())
                    .filter(p -> bare && p.length() > 1)
                    .map(p -> p.substring(1));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static void oneOf(String at, Optional<String> value, List<String> allowed, List<ErrorInfo> problems) {
        if (value.isEmpty()) {
            problems.add(DomainError.field(at, "'" + at + "' is required: " + String.join(" or ", allowed) + "."));
        } else if (allowed.stream().noneMatch(value.get()::equalsIgnoreCase)) {
            problems.add(DomainError.field(
                    at, "'" + at + "' must be " + String.join(" or ", allowed) + ", not '" + value.get() + "'."));
        }
    }
}
