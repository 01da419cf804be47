package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} of the process that runs the host's programs: they end with it. */
class KilledWorkTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Path directory;

    @BeforeEach
    void open() throws IOException {
        for (String program : List.of("qemu-img", "swtpm", "swtpm_setup")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), "skipped: " + program + " is not installed");
        }
        directory = Files.createTempDirectory("keyturn-killed");
        Files.setPosixFilePermissions(directory, Storage.PASSABLE);
    }

    @AfterEach
    void close() {
        if (directory != null) {
            Storage.deleteTree(directory);
        }
    }

    @ParameterizedTest
    @CsvSource({"fill, qemu-img", "prove, scratch", "wait, tail"})
    void programsEndWithTheProcessThatRanThem(String work, String word) throws IOException, InterruptedException {
        killWhen(work, word);

        Eventually.until(SOON, () -> programs(_ -> true), List::isEmpty);
    }

    /** swtpm_setup ends with its server, the swtpm that it started does not: the next server ends that. */
    @ParameterizedTest
    @CsvSource({"swtpm_setup", "clientfd"})
    void swtpmThatMadeAState_isEndedByTheNextServer_whichMakesIt(String word) throws IOException, InterruptedException {
        killWhen(WorkingProcess.VTPM, word);
        Eventually.until(SOON, () -> programs(w -> w.contains("swtpm_setup --tpm2")), List::isEmpty);

        VtpmStates.endLeft(List.of(directory.resolve("another").resolve("tpm2")));
        VtpmStates.endLeft(List.of(directory.resolve("vm").resolve("tpm2")));
        assertThat(programs(_ -> true)).isEmpty();

        Storage.deleteTree(directory.resolve("vm/tpm2"));
        VtpmStates next = WorkingProcess.states(directory);
        try (SecretBytes passphrase = Passphrases.VTPM_STATE.of(Fixture.key())) {
            next.make(directory.resolve("vm/tpm2"), passphrase);
            assertThat(next.opens(directory.resolve("vm/tpm2"), passphrase)).isTrue();
        }
        assertThat(programs(_ -> true)).isEmpty();
    }

    private void killWhen(String work, String word) throws IOException, InterruptedException {
        try (RandomAccessFile sparse =
                new RandomAccessFile(directory.resolve("big.raw").toFile(), "rw")) {
            sparse.setLength(64L << 30);
        }
        Process server = run(work);
        try {
            Eventually.until(SOON, () -> programs(w -> w.contains(word)), found -> !found.isEmpty());
        } finally {
            server.destroyForcibly();
        }
        assertThat(server.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** The kernel's signal comes when the thread that started a program ends, so it is one that does not. */
    @Test
    void programGoesOn_whenTheThreadThatAskedForItIsGone() throws InterruptedException {
        Thread asking = Thread.ofPlatform().start(() -> Tool.run(SOON, Optional.empty(), "true"));
        asking.join();

        CompletableFuture<String> said = CompletableFuture.supplyAsync(
                () -> Tool.run(SOON, Optional.empty(), "sh", "-c", "sleep 0.2; echo done")
                        .said(),
                Thread::startVirtualThread);
        assertThat(said.join()).isEqualTo("done\n");
    }

    private Process run(String work) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkingProcess.class.getName(),
                        directory.toString(),
                        work))
                .inheritIO()
                .start();
    }

    /** Programs that have the directory among their words, but for the server itself. */
    private List<String> programs(Predicate<String> wanted) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.toList()) {
                String words = words(process.resolve("cmdline")).replace('\u0000', ' ');
                if (words.contains(directory.toString()) && !words.contains("-cp ") && wanted.test(words)) {
                    found.add(words);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    private static String words(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return ""; // it ended
        }
    }
}
