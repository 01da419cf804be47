package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a VM's data keys and passphrases, raw, as hexadecimal digits and as base64, in files and processes. */
final class SecretScan {
    private static final int BLOCK = 1 << 20;

    private final List<byte[]> forms;
    private final List<List<byte[]>> byFirst = new ArrayList<>();
    private final int longest;

    private SecretScan(List<byte[]> forms) {
        this.forms = forms;
        this.longest = forms.stream().mapToInt(f -> f.length).max().orElseThrow();
        for (int i = 0; i < 256; i++) {
            byte first = (byte) i;
            byFirst.add(forms.stream().filter(f -> f[0] == first).toList());
        }
    }

    static SecretScan forKeysOf(Fixture vm) {
        List<byte[]> forms = new ArrayList<>();
        for (HostArtifact artifact : vm.all()) {
            artifact.dataKey().reveal(key -> forms.addAll(formsOf(key)));
            for (Passphrases use : Passphrases.values()) {
                try (SecretBytes passphrase = use.of(artifact.dataKey())) {
                    passphrase.reveal(text -> forms.addAll(
                            formsOf(HexFormat.of().parseHex(new String(text, StandardCharsets.US_ASCII)))));
                    passphrase.reveal(text -> forms.add(Base64.getEncoder().encode(text)));
                }
            }
        }
        return new SecretScan(forms);
    }

    private static List<byte[]> formsOf(byte[] key) {
        return List.of(
                key.clone(),
                ascii(HexFormat.of().formatHex(key)),
                ascii(HexFormat.of().withUpperCase().formatHex(key)),
                Base64.getEncoder().withoutPadding().encode(key),
                Base64.getUrlEncoder().withoutPadding().encode(key));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    List<byte[]> forms() {
        return forms;
    }

    /** The files below that have one in them. Those that are gone before they are read have none. */
    List<Path> files(List<Path> roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : roots) {
            if (!Files.exists(root)) {
                continue;
            }
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && in(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return found;
    }

    /** The command lines and environments of all processes that have one in them. */
    List<Path> processes() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .flatMap(p -> Stream.of(p.resolve("cmdline"), p.resolve("environ")))
                    .filter(this::in)
                    .toList();
        }
    }

    private boolean in(Path file) {
        byte[] window = new byte[longest + BLOCK];
        int kept = 0;
        try (InputStream input = Files.newInputStream(file)) {
            for (int n = input.readNBytes(window, kept, BLOCK); n > 0; n = input.readNBytes(window, kept, BLOCK)) {
                int filled = kept + n;
                if (in(window, filled)) {
                    return true;
                }
                kept = Math.min(longest, filled);
                System.arraycopy(window, filled - kept, window, 0, kept);
            }
        } catch (IOException e) {
            // Gone, or of a process that has ended.
            return false;
        }
        return false;
    }

    private boolean in(byte[] window, int filled) {
        for (int i = 0; i < filled; i++) {
            for (byte[] form : byFirst.get(window[i] & 0xff)) {
                int end = i + form.length;
                if (end <= filled && Arrays.equals(window, i, end, form, 0, form.length)) {
                    return true;
                }
            }
        }
        return false;
    }
}
