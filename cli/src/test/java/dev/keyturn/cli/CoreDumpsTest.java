package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreDumpsTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void limitAboveZero_isWarnedOf_zeroIsNot() throws IOException {
        assertThat(CoreDumps.warning(limit("unlimited")))
                .hasValueSatisfying(w -> assertThat(w).contains("ulimit -c 0"));
        assertThat(CoreDumps.warning(limit("1024     "))).isPresent();
        assertThat(CoreDumps.warning(limit("0        "))).isEmpty();
    }

    @Test
    void aSystemThatDoesNotSay_isNotGuessedAt() {
        assertThat(CoreDumps.warning(directory.resolve("none"))).isEmpty();
    }

    private Path limit(String soft) throws IOException {
        return Files.writeString(
                directory.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max core file size        " + soft + "            unlimited            bytes     \n");
    }
}
