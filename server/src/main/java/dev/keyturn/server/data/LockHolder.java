package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which process has the lock on a file, as Linux tells in {@code /proc/locks} (proc_locks(5)). */
final class LockHolder {
    private LockHolder() {}

    /** {@code " (process 1234)"}, or nothing where the system does not say. */
    static String of(Path file) {
        try {
            return of(
                    String.valueOf(Files.getAttribute(file, "unix:ino")),
                    Files.readAllLines(Path.of("/proc/locks"), StandardCharsets.ISO_8859_1));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    static String of(String inode, List<String> locks) {
        for (String line : locks) {
            String[] words = line.trim().split("\\s+", -1);
            if (words.length > 5 && words[5].endsWith(":" + inode) && words[4].matches("[1-9][0-9]*")) {
                return " (process " + words[4] + ")";
            }
        }
        return "";
    }
}
