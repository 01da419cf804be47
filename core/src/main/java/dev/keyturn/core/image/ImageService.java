package dev.keyturn.core.image;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Patching;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Managed images. One may be deleted whatever was made from it: disks have their own copy of the file's content.
 * Thread-safe.
 */
public final class ImageService {
    private final Transactions transactions;
    private final ImageStore store;
    private final ImageCatalog catalog;
    private final ResourceGroupService groups;
    private final Doors doors;
    private final Patching patching = new Patching();
    private final Clock clock;

    public ImageService(
            Transactions transactions,
            ImageStore store,
            ImageCatalog catalog,
            ResourceGroupService groups,
            Doors doors,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.catalog = catalog;
        this.groups = groups;
        this.doors = doors;
        this.clock = clock;
    }

    /** What a save made of it. */
    public record Saved(Image image, boolean created) {}

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceNotFound} */
    public Image get(Call call, ArmId id) {
        doors.require(call, Action.IMAGE_READ, Scope.of(id));
        return transactions.read(tx -> find(tx, id));
    }

    /** By id, from after the key {@code after}; a group that is asked for must exist. */
    public List<Image> page(Call call, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return groups.listing(
                call,
                Action.IMAGE_READ,
                Image.TYPE,
                subscription,
                group,
                (tx, reach) -> store.page(tx, subscription, reach, after, limit));
    }

    /** As {@link ResourceGroupService#place}: to be asked before a body is read. */
    public ArmId place(Call call, ArmId id) {
        return groups.place(call, Action.IMAGE_WRITE, id);
    }

    /**
     * Makes the image, or changes the present one, whose file and location stay. Either way the file must be there now
     * and fit to be used.
     */
    public Saved save(Call call, ImageSpec spec, Precondition when) {
        return doors.act(call, Action.IMAGE_WRITE, Scope.of(spec.id()), permit -> save(permit, spec, when));
    }

    /**
     * Changes the present image. {@code change} is given it as it is, and again where another request was quicker; it
     * must have no effect of its own.
     */
    public Saved change(Call call, ArmId id, Precondition asked, Function<Image, ImageSpec> change) {
        return doors.act(
                call,
                Action.IMAGE_WRITE,
                Scope.of(id),
                permit -> patching.untilUnchanged(id, asked, () -> {
                    Image image = transactions.read(tx -> find(tx, id));
                    asked.check(id, Optional.of(image.head()));
                    return save(
                            permit,
                            change.apply(image),
                            Precondition.revision(image.head().revision()));
                }));
    }

    private Saved save(Permit permit, ImageSpec spec, Precondition when) {
        when.check(spec.id(), transactions.read(tx -> store.find(tx, spec.id())).map(Image::head));
        ImageRules.check(spec);
        BaseImage base = BaseImages.file(catalog, ImageRules.name(spec).orElseThrow(), ImageRules.BLOB_URI);
        BaseImages.requireRoom(base, spec.sizeGb(), ImageRules.OS_DISK + ".diskSizeGB");
        return permit.write(tx -> {
            groups.requireLive(tx, spec.id());
            Optional<Image> present = store.find(tx, spec.id());
            when.check(spec.id(), present.map(Image::head));
            return present.isPresent() ? change(tx, present.get(), spec, base) : create(tx, spec, base);
        });
    }

    /** False where there was none. */
    public boolean delete(Call call, ArmId id, Precondition when) {
        return doors.act(
                call,
                Action.IMAGE_DELETE,
                Scope.of(id),
                permit -> permit.write(tx -> {
                    Optional<Image> present = store.find(tx, id);
                    when.check(id, present.map(Image::head));
                    if (present.isEmpty()) {
                        groups.requirePresent(tx, id.group());
                        permit.nothing();
                        return false;
                    }
                    return store.delete(tx, id).hit();
                }));
    }

    private Image find(Tx tx, ArmId id) {
        return store.find(tx, id).orElseThrow(() -> groups.missing(tx, id));
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
        if (store.insert(tx, made).missed()) {
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
        if (store.update(tx, changed).missed()) {
            throw new IllegalStateException("an image changed inside a write transaction: " + spec.id());
        }
        return new Saved(changed, false);
    }

    private static Image image(Resource head, ImageSpec spec, BaseImage base) {
        OsType osType = spec.osType().flatMap(OsType::parse).orElseThrow();
        return new Image(head, base.file(), osType, spec.sizeGb().orElse(base.sizeGb()));
    }
}
