package dev.keyturn.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer on each target, in a process of its own, for a minute. {@code -Dkeyturn.fuzz.seconds} sets another time, {@code
 * -Dkeyturn.fuzz.seed} the seed of an earlier run, {@code -Dkeyturn.fuzz.target} one target alone.
 */
@Tag("long")
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("keyturn.fuzz.seconds", 60);
    private static final int SEED = Integer.getInteger("keyturn.fuzz.seed", new Random().nextInt(1, 1_000_000_000));
    private static final Path OUT = Path.of(System.getProperty("basedir", ""), "target", "fuzz");
    /** How long a process may take beyond that: to start, and over its last input. */
    private static final int PATIENCE = 120;
    /** Jazzer's exit status where it found something. */
    private static final int FOUND = 77;

    static Stream<String> targets() {
        String one = System.getProperty("keyturn.fuzz.target", "");
        return Targets.ALL.keySet().stream().filter(t -> one.isEmpty() || one.equals(t));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInput_findsAnything(String name) throws Exception {
        Path directory = Files.createDirectories(OUT.resolve(name));
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path dictionary = dictionary(name, directory);
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command(name, directory, corpus, dictionary))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS + PATIENCE, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
            System.out.println("fuzzed " + name + " with seed " + SEED + ": " + summary(lines));
            assertThat(ended).as("%s ends by itself; see %s", name, log).isTrue();
            assertThat(process.exitValue())
                    .as(() -> (process.exitValue() == FOUND ? "an input of " + name + " found" : "the fuzzer ended at")
                            + ":\n" + finding(lines) + "\nSeed " + SEED + "; the whole log is " + log
                            + ". docs/testing.md says what to do with it.")
                    .isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<String> command(String name, Path directory, Path corpus, Path dictionary) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading", // Jazzer's own
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .replace('\n', File.pathSeparatorChar),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Fuzzing.class.getName(),
                "--target_args=" + name,
                "--instrumentation_includes=dev.keyturn.**",
                "--custom_hook_includes=dev.keyturn.**",
                // The target that talks to a server opens connections because it must.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "--reproducer_path=" + directory));
        command.addAll(List.of(
                "-seed=" + SEED,
                "-max_total_time=" + SECONDS,
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-max_len=6000",
                "-print_final_stats=1",
                "-dict=" + dictionary,
                "-artifact_prefix=" + directory + File.separator,
                corpus.toString(),
                Inputs.directory(name).toString()));
        return command;
    }

    private static Path dictionary(String name, Path directory) throws Exception {
        Path file = directory.resolve("words");
        try (FuzzTarget target = Targets.open(name)) {
            Set<String> words = target.words();
            return Files.writeString(
                    file,
                    words.stream()
                            .sorted()
                            .map(w -> "\""
                                    + w.replace("\\", "\\\\")
                                            .replace("\"", "\\\"")
                                            .replace("\n", "\\x0A") + "\"\n")
                            .collect(Collectors.joining()));
        }
    }

    private static String summary(List<String> log) {
        return log.stream()
                .filter(l -> l.startsWith("stat::number_of_executed_units")
                        || l.startsWith("stat::new_units_added")
                        || l.startsWith("Done "))
                .collect(Collectors.joining(", "));
    }

    /** The lines from the exception on. */
    private static String finding(List<String> log) {
        int start = 0;
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).startsWith("== ")) {
                start = i;
                break;
            }
        }
        List<String> from = log.subList(start == 0 ? Math.max(0, log.size() - 40) : start, log.size());
        return String.join("\n", from.subList(0, Math.min(60, from.size())));
    }
}
