package dev.keyturn.core.vm;

/** A file that is fit to fill OS disks. {@code bytes} is the size of the disk in it, not that of the file. */
public record BaseImage(ImageFile file, long bytes) {
    /** The largest OS disk, in GiB (Azure's "Introduction to managed disks", OS disk). */
    public static final int MAX_GB = 4_095;

    private static final long GIB = 1L << 30;

    public BaseImage {
        if (bytes <= 0 || bytes > MAX_GB * GIB) {
            throw new IllegalArgumentException("not the size of an OS disk: " + bytes);
        }
    }

    /** The smallest disk that has room for it, in GiB. */
    public int sizeGb() {
        return Math.toIntExact(Math.ceilDiv(bytes, GIB));
    }
}
