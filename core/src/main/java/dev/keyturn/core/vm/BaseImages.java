package dev.keyturn.core.vm;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the file that a new OS disk is filled from. A platform image {@code PUBLISHER, OFFER, SKU, VERSION} is the file
 * {@code PUBLISHER/OFFER/SKU/VERSION} with one of the extensions of {@link #EXTENSIONS}; the version {@code latest} is
 * the highest one there. Thread-safe; never called inside a transaction.
 */
public final class BaseImages {
    /** What the name of an image file ends in, which alone decides how it is read. */
    public static final Map<String, ImageFile.Format> EXTENSIONS =
            Map.of(".qcow2", ImageFile.Format.QCOW2, ".raw", ImageFile.Format.RAW, ".img", ImageFile.Format.RAW);

    static final String REFERENCE = "properties.storageProfile.imageReference";
    private static final String RIGHT = "It takes 'publisher', 'offer', 'sku' and 'version', which name the file"
            + " PUBLISHER/OFFER/SKU/VERSION.qcow2 (or .raw, or .img) in the server's images directory";

    private final ImageCatalog catalog;

    public BaseImages(ImageCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The image of a VM that is to be on a host of that kind. On a simulated host, which boots nothing, a platform
     * image for which there is no file is none.
     *
     * @throws DomainException {@code Invalid} where there is no such image, or it is not fit for use
     */
    Optional<BaseImage> find(Optional<ImageReference> reference, HostInfo.Kind host) {
        boolean needed = host != HostInfo.Kind.SIMULATED;
        if (reference.isEmpty()) {
            if (needed) {
                throw refused(
                        REFERENCE, "'" + REFERENCE + "' is required where 'createOption' is FromImage. " + RIGHT + ".");
            }
            return Optional.empty();
        }
        return platform(reference.get(), needed);
    }

    private Optional<BaseImage> platform(ImageReference reference, boolean needed) {
        Optional<String> incomplete = reference.missing();
        if (incomplete.isPresent()) {
            if (needed) {
                String at = REFERENCE + "." + incomplete.get();
                throw refused(at, "'" + at + "' is required. " + RIGHT + ".");
            }
            return Optional.empty();
        }
        String folder = reference.publisher().orElseThrow() + "/"
                + reference.offer().orElseThrow() + "/"
                + reference.sku().orElseThrow();
        String asked = reference.version().orElseThrow();
        NavigableMap<String, List<String>> versions = versions(folder);
        boolean latest = asked.equalsIgnoreCase("latest");
        List<String> files = latest
                ? versions.isEmpty() ? List.of() : versions.lastEntry().getValue()
                : versions.getOrDefault(asked, List.of());
        if (files.isEmpty()) {
            if (needed) {
                throw refused(
                        REFERENCE,
                        "'" + REFERENCE + "' names the file " + folder + "/" + (latest ? "VERSION" : asked)
                                + ".qcow2 (or .raw, or .img), and there is none in the server's images directory. "
                                + have(versions));
            }
            return Optional.empty();
        }
        if (files.size() > 1) {
            throw refused(
                    REFERENCE,
                    "'" + REFERENCE + "' is ambiguous: the folder " + folder + " has " + String.join(" and ", files)
                            + ". Leave one of them there.");
        }
        return Optional.of(file(folder + "/" + files.getFirst(), REFERENCE));
    }

    private BaseImage file(String name, String at) {
        return switch (catalog.find(name)) {
            case ImageCatalog.Finding.Fit fit -> fit.image();
            case ImageCatalog.Finding.Missing missing -> throw refused(at, missing.why());
            case ImageCatalog.Finding.Unfit unfit -> throw refused(at, unfit.why());
        };
    }

    /** The files of each version, in the order of the versions. */
    private NavigableMap<String, List<String>> versions(String folder) {
        NavigableMap<String, List<String>> out = new TreeMap<>(ImageVersions.ORDER);
        for (String file : catalog.filesIn(folder)) {
            EXTENSIONS.keySet().stream()
                    .filter(e -> file.endsWith(e) && file.length() > e.length())
                    .forEach(e -> out.computeIfAbsent(
                                    file.substring(0, file.length() - e.length()), _ -> new ArrayList<>())
                            .add(file));
        }
        return out;
    }

    private static String have(NavigableMap<String, List<String>> versions) {
        return versions.isEmpty()
                ? "Put it there, or name another."
                : "Versions there: "
                        + String.join(
                                ", ",
                                versions.descendingKeySet().stream().limit(10).toList()) + ".";
    }

    /** An OS disk has room for what it is filled from. */
    static void requireRoom(Optional<BaseImage> image, Optional<Integer> sizeGb, String at) {
        if (image.isPresent() && sizeGb.filter(gb -> gb < image.get().sizeGb()).isPresent()) {
            BaseImage found = image.get();
            throw refused(
                    at,
                    "'" + at + "' is " + sizeGb.get() + " GB, and the image "
                            + found.file().name()
                            + " holds a disk of " + found.bytes() + " bytes, which needs " + found.sizeGb()
                            + " GB. Leave the field out, or give that or more.");
        }
    }

    private static DomainException refused(String at, String why) {
        ErrorInfo problem = DomainError.field(at, why);
        return DomainError.invalid(List.of(problem)).asException();
    }
}
