package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.tx.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the file that a new OS disk is filled from: that of a managed image, or of a platform image. The platform image
 * {@code PUBLISHER, OFFER, SKU, VERSION} is the file {@code PUBLISHER/OFFER/SKU/VERSION} with one of the extensions of
 * {@link #EXTENSIONS}; the version {@code latest} is the highest one there. Thread-safe; never called inside a
 * transaction.
 */
public final class BaseImages {
    /** What the name of an image file ends in, which alone decides how it is read. */
    public static final Map<String, ImageFile.Format> EXTENSIONS =
            Map.of(".qcow2", ImageFile.Format.QCOW2, ".raw", ImageFile.Format.RAW, ".img", ImageFile.Format.RAW);

    /** Where a VM names its OS disk. */
    public static final String OS_DISK = "properties.storageProfile.osDisk";

    /** Where a VM names its image. */
    public static final String REFERENCE = "properties.storageProfile.imageReference";

    private static final String RIGHT = "It takes the 'id' of a " + Image.TYPE + ", or 'publisher', 'offer', 'sku' and"
            + " 'version', which name the file PUBLISHER/OFFER/SKU/VERSION.qcow2 (or .raw, or .img) in the server's"
            + " images directory";

    private final Transactions transactions;
    private final ImageStore store;
    private final ImageCatalog catalog;

    public BaseImages(Transactions transactions, ImageStore store, ImageCatalog catalog) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
    }

    /**
     * The image of a VM's new OS disk. A host that boots what it is given needs one; where none is {@code needed}, as on
     * a host that boots nothing, a platform image for which there is no file is none either.
     *
     * @param osType what the VM says of its OS disk; Linux where it says nothing
     * @throws DomainException {@code Invalid} where there is no such image, it is not fit for use, or the disk too small
     */
    public Optional<BaseImage> ofVm(
            Optional<ImageReference> wanted,
            String location,
            Optional<String> osType,
            Optional<Integer> sizeGb,
            boolean needed) {
        Optional<BaseImage> found = Optional.empty();
        if (wanted.isPresent()) {
            ImageReference reference = wanted.get();
            found = reference.id().isPresent()
                    ? Optional.of(ofVm(reference, location, osType))
                    : platform(reference, needed);
        } else if (needed) {
            throw refused(
                    REFERENCE, "'" + REFERENCE + "' is required where 'createOption' is FromImage. " + RIGHT + ".");
        }
        found.ifPresent(i -> requireRoom(i, sizeGb, OS_DISK + ".diskSizeGB"));
        return found;
    }

    private BaseImage ofVm(ImageReference reference, String location, Optional<String> osType) {
        if (reference.named()) {
            throw refused(
                    REFERENCE, "'" + REFERENCE + "' has both an 'id' and the name of a platform image. " + RIGHT + ".");
        }
        return managed(reference.id().orElseThrow(), location, osType, REFERENCE + ".id", OS_DISK + ".osType");
    }

    /**
     * The image of a new disk that is made from a managed image.
     *
     * @param at the field that names the image
     * @throws DomainException as {@link #ofVm}
     */
    public BaseImage ofDisk(ArmId id, String location, Optional<String> osType, Optional<Integer> sizeGb, String at) {
        BaseImage found = managed(id, location, osType, at, "properties.osType");
        requireRoom(found, sizeGb, "properties.diskSizeGB");
        return found;
    }

    private BaseImage managed(ArmId id, String location, Optional<String> osType, String at, String osAt) {
        if (!id.hasType(Image.TYPE)) {
            throw refused(at, "'" + at + "' must be the id of a " + Image.TYPE + ", not of a " + id.type() + ".");
        }
        Image image = transactions
                .read(tx -> store.find(tx, id))
                .orElseThrow(() -> refused(at, "'" + at + "' names the image '" + id + "', which is not there."));
        Region its = new Region(image.head().location());
        if (!its.equals(new Region(location))) {
            throw refused(
                    at,
                    "'" + at + "' names an image in region '" + its + "'; it must be in the same region, '"
                            + new Region(location) + "'.");
        }
        // What a client leaves out is shown as Linux.
        String said = osType.orElse(OsType.LINUX.wire());
        if (!image.osType().wire().equalsIgnoreCase(said)) {
            throw refused(
                    osAt,
                    "'" + osAt + "' must be " + image.osType().wire() + ", as image '"
                            + image.id().name() + "' is, not " + said + ".");
        }
        return file(catalog, image.file().name(), at).atLeast(image.sizeGb());
    }

    private Optional<BaseImage> platform(ImageReference reference, boolean needed) {
        Optional<String> missing = reference.missing();
        if (missing.isPresent()) {
            if (needed) {
                String at = REFERENCE + "." + missing.get();
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
        return Optional.of(file(catalog, folder + "/" + files.getFirst(), REFERENCE));
    }

    /** @throws DomainException {@code Invalid}, naming the field {@code at}, where it is not there or not fit */
    static BaseImage file(ImageCatalog catalog, String name, String at) {
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
    static void requireRoom(BaseImage image, Optional<Integer> sizeGb, String at) {
        if (sizeGb.filter(gb -> gb < image.leastGb()).isPresent()) {
            throw refused(
                    at,
                    "'" + at + "' is " + sizeGb.get() + " GB, and the image file "
                            + image.file().name()
                            + " holds a disk of " + image.bytes() + " bytes, which needs " + image.leastGb()
                            + " GB. Leave the field out, or give that or more.");
        }
    }

    private static DomainException refused(String at, String why) {
        return DomainError.invalid(at, why).asException();
    }
}
