package dev.keyturn.core.host;

/**
 * A file of the operator's that OS disks are filled from. {@code name} is its path relative to the images directory,
 * with slashes, without {@code .} and {@code ..}. A file's format is what the operator says, never what its first
 * bytes look like, because a guest writes those.
 */
public record ImageFile(String name, Format format) {
    public enum Format {
        RAW,
        QCOW2
    }

    public ImageFile {
        if (!isPlain(name)) {
            throw new IllegalArgumentException("not a path inside the images directory: " + name);
        }
    }

    /** Whether it is a path relative to the images directory, without {@code .}, {@code ..} and control characters. */
    public static boolean isPlain(String name) {
        boolean plain = name.chars().noneMatch(Character::isISOControl);
        for (String part : name.split("/", -1)) {
            plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        return plain;
    }
}
