package dev.keyturn.host.libvirt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The end of a serial console's log, which virtlogd writes and moves aside as FILE.0 when it is full. */
final class ConsoleLog {
    private ConsoleLog() {}

    static Optional<byte[]> newest(Path log, int most) throws IOException {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        byte[] now = tail(log, most);
        Path older = log.resolveSibling(log.getFileName() + ".0");
        if (now.length == most || !Files.exists(older)) {
            return Optional.of(now);
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(tail(older, most - now.length));
        both.writeBytes(now);
        return Optional.of(both.toByteArray());
    }

    private static byte[] tail(Path file, int most) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(most, in.length())];
            in.seek(in.length() - bytes.length);
            in.readFully(bytes);
            return bytes;
        }
    }
}
