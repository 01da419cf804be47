package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The azure-cli of a newer Debian, in a root directory of its own that {@code build/newer-az} makes. */
@Tag("long")
class NewerAzureCliTest extends AzureCliContract {
    private static final int NOT_HERE = 2;

    NewerAzureCliTest() {
        super("neweraz");
    }

    @Override
    List<String> command(Path directory) {
        Path script = Path.of(System.getProperty("basedir", ""), "../build/newer-az")
                .toAbsolutePath()
                .normalize();
        try {
            Process process = new ProcessBuilder(script.toString(), System.getProperty("keyturn.az.suite", "trixie"))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            assumeTrue(status != NOT_HERE, said);
            assertThat(status).as(said).isZero();
            return List.of(said);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
