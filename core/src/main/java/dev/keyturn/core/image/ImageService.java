package dev.keyturn.core.image;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Managed images. One may be deleted whatever was made from it: disks have their own copy of the file's content.
 * Thread-safe.
 */
public final class ImageService {
    private final Transactions transactions;
    private final ImageStore store;
    private final ImageCatalog catalog;
    private final ResourceGroupService groups;
    private final Clock clock;

    public ImageService(
            Transactions transactions,
            ImageStore store,
            ImageCatalog catalog,
            ResourceGroupService groups,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
        this.groups = groups;
        this.clock = clock;
    }

    /** What a save made of it. */
    public record Saved(Image image, boolean created) {}

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public Image get(ArmId id) {
        return transactions.read(tx ->
                store.find(tx, id).orElseThrow(() -> DomainError.notFound(id).asException()));
    }

    /** By id, from after the key {@code after}. */
    public List<Image> page(String subscription, Optional<String> group, Optional<String> after, int limit) {
        return transactions.read(tx -> store.page(tx, subscription, group, after, limit));
    }

    /**
     * Makes the image, or changes the present one, whose file and location stay. Either way the file must be there now
     * and fit to be used.
     */
    public Saved save(ImageSpec spec, Precondition when) {
        when.check(spec.id(), transactions.read(tx -> store.find(tx, spec.id())).map(Image::head));
        ImageRules.check(spec);
        BaseImage base = BaseImages.file(catalog, ImageRules.name(spec).orElseThrow(), ImageRules.BLOB_URI);
        BaseImages.requireRoom(base, spec.sizeGb(), ImageRules.OS_DISK + ".diskSizeGB");
        return transactions.write(tx -> {
            groups.requireLive(tx, spec.id());
            Optional<Image> present = store.find(tx, spec.id());
            when.check(spec.id(), present.map(Image::head));
            return present.isPresent() ? change(tx, present.get(), spec, base) : create(tx, spec, base);
        });
    }

    /** False where there was none. */
    public boolean delete(ArmId id, Precondition when) {
        return transactions.write(tx -> {
            when.check(id, store.find(tx, id).map(Image::head));
            return store.delete(tx, id);
        });
    }

    private Saved create(Tx tx, ImageSpec spec, BaseImage base) {
        Resource head = Resource.created(
                spec.id(),
                new Region(spec.location()).name(),
                spec.tags(),
                spec.document(),
                ProvisioningState.SUCCEEDED,
                clock.instant());
        Image made = image(head, spec, base);
        if (!store.insert(tx, made)) {
            throw new IllegalStateException("an image appeared inside a write transaction: " + spec.id());
        }
        return new Saved(made, true);
    }

    private Saved change(Tx tx, Image present, ImageSpec spec, BaseImage base) {
        if (!new Region(spec.location()).equals(new Region(present.head().location()))) {
            throw DomainError.invalid(
                            "location",
                            "'location' cannot be changed; this image is in '"
                                    + present.head().location() + "'.")
                    .asException();
        }
        if (!present.file().equals(base.file())) {
            throw DomainError.invalid(
                            ImageRules.BLOB_URI,
                            "The file of an image, here '" + present.file().name()
                                    + "', cannot be changed. Delete the image and make it anew, or give another one"
                                    + " another name; VMs made from this one stay as they are.")
                    .asException();
        }
        Image changed = image(present.head().with(spec.tags(), spec.document(), clock.instant()), spec, base);
        if (!store.update(tx, changed)) {
            throw new IllegalStateException("an image changed inside a write transaction: " + spec.id());
        }
        return new Saved(changed, false);
    }

    private static Image image(Resource head, ImageSpec spec, BaseImage base) {
        OsType osType = spec.osType().flatMap(OsType::parse).orElseThrow();
        return new Image(head, base.file(), osType, spec.sizeGb().orElse(base.sizeGb()));
    }
}
