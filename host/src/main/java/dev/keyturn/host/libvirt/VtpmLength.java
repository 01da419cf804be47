package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.Held;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a vTPM's state is as long as its own header says: so a cut one is seen without its key, before swtpm could make
 * a new state in the place of one that it cannot read. The header (swtpm's {@code blobheader}): version, lowest version,
 * the header's length (16 bits), flags (16 bits), the length of all (32 bits), the highest byte first.
 */
final class VtpmLength {
    private static final int HEADER = 10;
    /** Headers of this version and later say how long all is. */
    private static final int TELLS = 2;

    private VtpmLength() {}

    /** Empty too where it is not there, which is told as missing. */
    static Optional<ErrorInfo> wrong(Path state) {
        try (Held vm = Held.directory(state.resolveSibling("").normalize());
                Held directory = vm.directory(String.valueOf(state.getFileName()));
                Held file = directory.file(VtpmStates.FILE);
                FileChannel in = file.read()) {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            while (header.hasRemaining() && in.read(header) >= 0) {}
            long is = in.size();
            if (header.hasRemaining()) {
                return Optional.of(of(state, "ImageCut", "is cut off: it has " + is + " bytes"));
            }
            if (header.get(0) == 0) {
                return Optional.of(of(state, "ImageEmptied", "has lost its content: it begins with zeros"));
            }
            long needed = Integer.toUnsignedLong(header.getInt(HEADER - 4));
            if (header.get(0) < TELLS || is == needed) {
                return Optional.empty();
            }
            return Optional.of(of(
                    state,
                    is < needed ? "ImageCut" : "ImageTooLong",
                    (is < needed ? "is cut off: it has " : "has ") + is + " bytes, and its header says " + needed));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(of(state, "ImageNotReadable", "cannot be read: " + Reason.of(e)));
        }
    }

    private static ErrorInfo of(Path state, String code, String what) {
        return ErrorInfo.of(
                code,
                "Its vTPM state " + what + " (" + state.resolve(VtpmStates.FILE) + "). Put back a copy of the file.");
    }
}
