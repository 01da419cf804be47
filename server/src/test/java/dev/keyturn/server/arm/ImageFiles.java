package dev.keyturn.server.arm;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in the images directory of a rig. */
final class ImageFiles {
    private ImageFiles() {}

    /** A sparse raw image. */
    static void raw(Path data, String name, long bytes) {
        Path file = data.resolve("images").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
                made.setLength(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
