package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;

/**
 * What OS disks are filled from. {@code bytes} is the size of the disk in the file, not that of the file;
 * {@code sizeGb} how large disks are, in GiB, where nobody asks for another size.
 */
public record BaseImage(ImageFile file, long bytes, int sizeGb) {
    /** The largest OS disk, in GiB (Azure's "Introduction to managed disks", OS disk). */
    public static final int MAX_GB = 4_095;

    private static final long GIB = 1L << 30;

    public BaseImage {
        if (bytes <= 0 || sizeGb < leastGb(bytes) || sizeGb > MAX_GB) {
            throw new IllegalArgumentException("not the size of an OS disk: " + bytes + " bytes, " + sizeGb + " GiB");
        }
    }

    /** One whose disks are as small as can be. */
    public BaseImage(ImageFile file, long bytes) {
        this(file, bytes, Math.toIntExact(leastGb(bytes)));
    }

    /** The smallest disk that has room for it, in GiB. */
    public int leastGb() {
        return Math.toIntExact(leastGb(bytes));
    }

    /** The same, of which disks are at least that large. */
    BaseImage atLeast(int gb) {
        return new BaseImage(file, bytes, Math.max(gb, leastGb()));
    }

    private static long leastGb(long bytes) {
        return Math.ceilDiv(bytes, GIB);
    }
}
