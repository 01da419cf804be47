package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a failed file operation says to a person. */
final class Reason {
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
}
