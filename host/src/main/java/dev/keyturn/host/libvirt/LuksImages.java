package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LUKS1 containers with AES-256-XTS, as QEMU opens them, each with a volume key of its own. The passphrase has full
 * entropy, so its 1,000 iterations are as good as a million. Thread-safe.
 */
final class LuksImages {
    /** What cryptsetup puts before the payload of a LUKS1 container with a 512-bit key and alignment 1, in bytes. */
    static final long HEADER = 2_068_480;

    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final Duration FILLING = Duration.ofHours(6);
    private static final Pattern PERCENT = Pattern.compile("\\(\\s*([0-9]+)(?:\\.[0-9]+)?/100%\\)");

    private LuksImages() {}

    /**
     * A file that a container is filled from. {@code unchanged} is asked after it was read, and throws where what was
     * read may not be what was checked.
     */
    record Source(Path file, ImageFile.Format format, Runnable unchanged) {
        /** As QEMU takes it. A backing file, which would be another file of the host, is never followed. */
        private String option() {
            String driver = switch (format) {
                case QCOW2 -> "\"driver\":\"qcow2\",\"backing\":null,";
                case RAW -> "\"driver\":\"raw\",";
            };
            String name = file.toString().replace("\\", "\\\\").replace("\"", "\\\"");
            return "json:{" + driver + "\"file\":{\"driver\":\"file\",\"filename\":\"" + name + "\"}}";
        }
    }

    /**
     * Makes the container whole, or leaves nothing: {@code payload} bytes, filled from the file where there is one.
     *
     * @throws ToolFailedException where it cannot be made, with the reason
     */
    static void make(Path image, long payload, SecretBytes passphrase, Optional<Source> source, Progress progress) {
        Path directory = image.resolve("..").normalize();
        try {
            Path part = Storage.begin(image);
            try {
                size(part, HEADER + payload);
                format(part, passphrase);
                if (source.isPresent()) {
                    fill(part, passphrase, source.get(), progress);
                    source.get().unchanged().run();
                }
                Storage.finish(part, image);
            } catch (ToolFailedException e) {
                // Asked while the half-made image still takes its room.
                throw new ToolFailedException(Reason.ofWriting(directory, String.valueOf(e.getMessage())));
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new ToolFailedException(Reason.ofWriting(directory, "the image cannot be written: " + Reason.of(e)));
        }
    }

    /** Whether the passphrase opens a key slot, and that the volume key's digest. */
    static boolean opens(Path image, SecretBytes passphrase) {
        Tool.Answer answer = Tool.run(
                QUICK,
                Optional.of(passphrase),
                "cryptsetup",
                "open",
                "--test-passphrase",
                "--type",
                "luks1",
                "--key-file",
                "-",
                image.toString());
        return switch (answer.status()) {
            case 0 -> true;
            // 1: no LUKS header any more; 2: no key slot opens (cryptsetup(8))
            case 1, 2 -> false;
            default -> throw new ToolFailedException("cryptsetup cannot look at it: " + answer.lastLine());
        };
    }

    private static void size(Path file, long bytes) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
    }

    private static void format(Path part, SecretBytes passphrase) {
        Tool.Answer answer = Tool.run(
                QUICK,
                Optional.of(passphrase),
                "cryptsetup",
                "luksFormat",
                "--batch-mode",
                "--type",
                "luks1",
                "--cipher",
                "aes-xts-plain64",
                "--key-size",
                "512",
                "--hash",
                "sha256",
                "--pbkdf-force-iterations",
                "1000",
                "--align-payload",
                "1",
                "--key-file",
                "-",
                part.toString());
        if (!answer.well()) {
            throw new ToolFailedException("cryptsetup cannot make a LUKS container: " + answer.lastLine());
        }
    }

    private static void fill(Path part, SecretBytes passphrase, Source source, Progress progress) {
        Tool.Answer answer = Tool.run(
                FILLING,
                Optional.of(passphrase),
                line -> percent(line).ifPresent(progress::at),
                List.of(
                        "qemu-img",
                        "convert",
                        "-p",
                        "-n",
                        "--object",
                        "secret,id=passphrase,file=/dev/stdin",
                        "--target-image-opts",
                        source.option(),
                        "driver=luks,key-secret=passphrase,file.driver=file,file.filename=" + escaped(part)));
        if (!answer.well()) {
            throw new ToolFailedException("qemu-img cannot fill the image: " + answer.lastLine());
        }
    }

    private static Optional<Integer> percent(String line) {
        Matcher found = PERCENT.matcher(line);
        return found.find() ? Optional.of(Math.min(100, Integer.parseInt(found.group(1)))) : Optional.empty();
    }

    /** QEMU's option syntax ends a value at a comma; two stand for one. */
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }
}
