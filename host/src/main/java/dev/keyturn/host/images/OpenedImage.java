package dev.keyturn.host.images;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.host.Held;
import dev.keyturn.host.ImageFiles;
import dev.keyturn.host.UnusableImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * An image file held open, and what it was when it was checked. Its name may lead elsewhere meanwhile; what its owner
 * writes into it meanwhile is seen by its times, of which that of the last change (ctime) is not theirs to set. Taking
 * its name away changes that time as well, so a file that was replaced in good order counts as changed, too.
 */
final class OpenedImage implements ImageFiles.Opened {
    private static final int SECTOR = 512;

    private final ImageFile file;
    private final Held held;
    private final Stamp stamp;
    private final long bytes;

    private OpenedImage(ImageFile file, Held held, Stamp stamp, long bytes) {
        this.file = file;
        this.held = held;
        this.stamp = stamp;
        this.bytes = bytes;
    }

    private record Stamp(long size, FileTime written, FileTime changed) {
        static Stamp of(Held held) throws IOException {
            FileTime changed = (FileTime) Files.getAttribute(held.path(), "unix:ctime");
            return new Stamp(held.attributes().size(), held.attributes().lastModifiedTime(), changed);
        }
    }

    /** Owns {@code held} once it returns. */
    static OpenedImage of(ImageFile file, Held held) throws IOException, UnfitImageException {
        Stamp stamp = Stamp.of(held);
        return new OpenedImage(file, held, stamp, fit(file, held));
    }

    @Override
    public Path path() {
        return held.pathForOthers();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void unchanged() throws UnusableImageException {
        try {
            // The content as well: within a tick of the clock, a change leaves the times as they were.
            if (fit(file, held) == bytes && Stamp.of(held).equals(stamp)) {
                return;
            }
        } catch (IOException | UnfitImageException e) {
            throw changed();
        }
        throw changed();
    }

    private UnusableImageException changed() {
        return new UnusableImageException(
                "The image file '" + file.name()
                        + "' was changed or replaced while a disk was filled from it. Nothing was kept; try again once it is whole.");
    }

    @Override
    public void close() {
        held.close();
    }

    private static long fit(ImageFile file, Held held) throws IOException, UnfitImageException {
        try (FileChannel channel = held.read()) {
            long bytes = switch (file.format()) {
                case RAW -> raw(channel);
                case QCOW2 -> Qcow2Header.read(channel).virtualSize();
            };
            if (bytes > (long) BaseImage.MAX_GB << 30) {
                throw new UnfitImageException(
                        "holds a disk of " + bytes + " bytes, and an OS disk has " + BaseImage.MAX_GB + " GB or less");
            }
            return bytes;
        }
    }

    private static long raw(FileChannel channel) throws IOException, UnfitImageException {
        long size = channel.size();
        if (size == 0) {
            throw new UnfitImageException("is empty");
        }
        if (size % SECTOR != 0) {
            throw new UnfitImageException("is " + size + " bytes long, and a disk has whole sectors of " + SECTOR
                    + "; it may have been copied only in part, or is no raw image");
        }
        ByteBuffer start = ByteBuffer.allocate(4);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        if (!start.hasRemaining() && start.getInt(0) == Qcow2Header.MAGIC) {
            throw new UnfitImageException(
                    "is named as a raw image and begins as a qcow2 one. If it is one, name it" + " .qcow2");
        }
        return size;
    }
}
