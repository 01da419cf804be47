package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.store.SqlStores;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes: everything it was told is stored is there afterwards. */
final class DurabilityTest {
    private static final int BEFORE_THE_KILL = 2_000;
    private final Settings settings = SqlStores.create().settings();

    @Test
    void everythingAcknowledgedBeforeAKill_isThere(@TempDir Path directory) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            acknowledged.addAll(writeUntilKilled(directory, "round" + round));
        }

        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(3 * BEFORE_THE_KILL);
        try (SqliteDatabase database = SqliteDatabase.open(directory)) {
            List<String> missing = database.read(tx -> acknowledged.stream()
                    .filter(name -> settings.find(tx, name).isEmpty())
                    .toList());
            assertThat(missing).isEmpty();
            assertThat(database.<Long>read(tx -> SqlTx.of(tx)
                                    .number("SELECT count(*) FROM setting a WHERE NOT EXISTS"
                                            + " (SELECT 1 FROM setting b WHERE b.name = a.value)"))
                            .longValue())
                    .as("half transactions")
                    .isZero();
        }
    }

    private static List<String> writeUntilKilled(Path directory, String prefix)
            throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Writer.class.getName(),
                        directory.toString(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The last line may have been cut by the kill.
                if (line.endsWith(";")) {
                    acknowledged.add(line.substring(0, line.length() - 1));
                }
                if (acknowledged.size() == BEFORE_THE_KILL) {
                    // Not Process.destroyForcibly(), which would close what is still to be read.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .replace('\n', File.pathSeparatorChar);
    }

    /** The child: writers in parallel, each of whose transactions writes two rows that belong together. */
    static final class Writer {
        private static final int THREADS = 8;

        private Writer() {}

        public static void main(String[] arguments) {
            SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]));
            Settings settings = SqlStores.create().settings();
            for (int thread = 0; thread < THREADS; thread++) {
                String mine = arguments[1] + "-" + thread + "-";
                Thread.ofPlatform().start(() -> {
                    for (long i = 0; ; i++) {
                        String name = mine + i;
                        database.run(tx -> {
                            settings.put(tx, name, name + "-pair");
                            settings.put(tx, name + "-pair", name);
                        });
                        System.out.print(name + ";\n");
                    }
                });
            }
        }
    }
}
