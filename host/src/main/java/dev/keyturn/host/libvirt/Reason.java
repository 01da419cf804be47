package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a failed file operation says to a person. */
final class Reason {
    /** Bytes; with less than this nothing that a host writes has room. */
    private static final long FULL = 1L << 20;

    private Reason() {}

    static String of(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " is not there";
        }
        if (e instanceof FileSystemException told && told.getReason() != null) {
            return told.getFile() + ": " + told.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    /** Whether a write failed because the file system, or what its owner may use of it, is full. */
    static boolean noSpace(IOException e) {
        return noSpace(String.valueOf(e.getMessage()));
    }

    private static boolean noSpace(String said) {
        return said.contains("No space left on device") || said.contains("Disk quota exceeded");
    }

    /** The same words, and that the disk is full where that is why writing into the directory failed. */
    static String ofWriting(Path directory, String said) {
        try {
            // What wrote beside it may have given its space back by now, so what the tool said counts as well.
            if (noSpace(said) || Files.getFileStore(directory).getUsableSpace() < FULL) {
                return said + " (the disk is full: " + directory + " has no space left)";
            }
        } catch (IOException e) {
            // What was said is what is known.
            return said;
        }
        return said;
    }
}
