package dev.keyturn.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the keys a rotation leaves behind in memory. */
class SetKeyCopiesTest {
    private static final int KEY = 32;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void copiesOfKeys_areFewHoweverManyTheArtifacts() throws Exception {
        Copies copies = copiesAfter(300);
        assertThat(copies.setKeys()).isLessThanOrEqualTo(3);
        assertThat(copies.dataKeys()).isLessThanOrEqualTo(3);
    }

    @Test
    void count_findsTheCopiesThatThereAre() {
        byte[] heap = new byte[200];
        try (SecretBytes setKey = SetKeyCopies.key(1);
                SecretBytes dataKey = SetKeyCopies.key(7)) {
            setKey.reveal(k -> ByteBuffer.wrap(heap).put(3, k));
            dataKey.reveal(k -> ByteBuffer.wrap(heap).put(40, k).put(150, k));
        }
        assertThat(count(heap, 10)).isEqualTo(new Copies(1, 2));
    }

    private record Copies(int setKeys, int dataKeys) {}

    private Copies copiesAfter(int artifacts) throws IOException, InterruptedException {
        Path dump = directory.resolve(artifacts + ".hprof");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:+UseEpsilonGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SetKeyCopies.class.getName(),
                        dump.toString(),
                        Integer.toString(artifacts))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return count(Files.readAllBytes(dump), artifacts);
    }

    private static Copies count(byte[] heap, int artifacts) {
        Map<Long, byte[]> known = new HashMap<>();
        for (int number = 0; number < 2 + artifacts; number++) {
            try (SecretBytes key = SetKeyCopies.key(number)) {
                byte[] bytes = key.reveal(byte[]::clone);
                known.put(ByteBuffer.wrap(bytes).getLong(), bytes);
            }
        }
        int setKeys = 0;
        int dataKeys = 0;
        ByteBuffer at = ByteBuffer.wrap(heap);
        for (int i = 0; i + KEY <= heap.length; i++) {
            byte[] key = known.get(at.getLong(i));
            if (key != null && Arrays.equals(key, 0, KEY, heap, i, i + KEY)) {
                if (isSetKey(key)) {
                    setKeys++;
                } else {
                    dataKeys++;
                }
            }
        }
        return new Copies(setKeys, dataKeys);
    }

    private static boolean isSetKey(byte[] key) {
        for (int number = 0; number < 2; number++) {
            try (SecretBytes setKey = SetKeyCopies.key(number)) {
                if (setKey.reveal(k -> Arrays.equals(k, key))) {
                    return true;
                }
            }
        }
        return false;
    }
}
