package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.ErrorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Whether all of an image is there, of which its LUKS header says nothing: how long it is, and whether its first and
 * last sector can be read. That what is between them is what was written cannot be known: LUKS has no checksums.
 *
 * <p>A disk's image may be longer than it was made, because nothing of it is lost then; UEFI variables are exactly as
 * long as their firmware wants them.
 */
final class ImageSizes {
    private static final int SECTOR = 512;
    private static final long GIB = 1L << 30;
    /** Of a LUKS1 header: its magic and version, and where the sector number of the payload is. */
    private static final long LUKS1 = 0x4c554b53babe0001L;

    private static final int PAYLOAD_SECTOR = 104;

    private ImageSizes() {}

    /** What the image's file was made as: bytes behind the header, exactly or at least, and whether any were written. */
    private record Wanted(Path file, String what, long payload, boolean exactly, boolean filled) {}

    private static Optional<Wanted> of(ArtifactImage image, Storage storage) {
        if (image.kind() == ArtifactKind.GUEST_STATE) {
            Path variables = storage.variables(image.vmId().orElseThrow());
            return Optional.of(new Wanted(variables, "Its UEFI variables", Firmware.VARIABLES_SIZE, true, true));
        }
        Path disk = storage.disk(image.diskId().orElseThrow());
        return image.made().map(m -> new Wanted(disk, "Its image", m.sizeGb() * GIB, false, m.filled()));
    }

    /** Why the image's file is not as long as it has to be; without reading it, so at any time. */
    static Optional<ErrorInfo> wrong(ArtifactImage image, Storage storage) {
        return of(image, storage).flatMap(w -> {
            try {
                return length(w, LuksImages.HEADER, Files.size(w.file()));
            } catch (IOException e) {
                return gone(w, e);
            }
        });
    }

    /** The same for where its header says that the payload begins, and why the payload's ends cannot be what they were. */
    static Optional<ErrorInfo> lost(ArtifactImage image, Storage storage) {
        return of(image, storage).flatMap(w -> {
            try (FileChannel file = FileChannel.open(w.file(), StandardOpenOption.READ)) {
                ByteBuffer header = read(file, 0);
                if (header.getLong(0) != LUKS1) {
                    return Optional.empty(); // no key opens it, which is told with better words
                }
                long from = Integer.toUnsignedLong(header.getInt(PAYLOAD_SECTOR)) * SECTOR;
                Optional<ErrorInfo> length = length(w, from, file.size());
                if (length.isPresent()) {
                    return length;
                }
                boolean blank = read(file, from).equals(ByteBuffer.allocate(SECTOR));
                read(file, from + w.payload() - SECTOR);
                return w.filled() && blank ? Optional.of(zeros(w)) : Optional.empty();
            } catch (IOException e) {
                return gone(w, e);
            }
        });
    }

    private static Optional<ErrorInfo> length(Wanted wanted, long header, long is) {
        long needed = header + wanted.payload();
        if (is < needed) {
            return Optional.of(ErrorInfo.of(
                    "ImageCut",
                    wanted.what() + " is cut off: " + wanted.file() + " has " + is + " bytes, and " + needed
                            + " are needed. What was behind them is gone; put back a copy of the file."));
        }
        if (wanted.exactly() && is > needed) {
            return Optional.of(ErrorInfo.of(
                    "ImageTooLong",
                    wanted.what() + " must have " + needed + " bytes, and " + wanted.file() + " has " + is + "."));
        }
        return Optional.empty();
    }

    private static ErrorInfo zeros(Wanted wanted) {
        return ErrorInfo.of(
                "ImageEmptied",
                wanted.what() + " has lost its content: the first sector behind the header of " + wanted.file()
                        + " is zeros, which no encryption writes. Put back a copy of the file.");
    }

    private static Optional<ErrorInfo> gone(Wanted wanted, IOException e) {
        if (e instanceof NoSuchFileException) {
            return Optional.empty(); // told as missing
        }
        return Optional.of(ErrorInfo.of(
                "ImageNotReadable", wanted.what() + " cannot be read: " + wanted.file() + ": " + Reason.of(e) + "."));
    }

    private static ByteBuffer read(FileChannel file, long from) throws IOException {
        ByteBuffer sector = ByteBuffer.allocate(SECTOR);
        while (sector.hasRemaining()) {
            if (file.read(sector, from + sector.position()) < 0) {
                break;
            }
        }
        return sector.rewind();
    }
}
