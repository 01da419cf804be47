package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Resource;

/**
 * A managed image: a name, with access of its own, for an image file. {@code sizeGb} is how large OS disks made from it
 * are where nobody asks for another size.
 */
public record Image(Resource head, ImageFile file, OsType osType, int sizeGb) {
    public static final String TYPE = "Microsoft.Compute/images";

    public ArmId id() {
        return head.id();
    }
}
