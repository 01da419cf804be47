package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the model of a rotation says ({@code docs/model}), asked of spin; core's ModelTransitionsTest holds it to the code. */
class RotationModelCheckTest {
    private static final int NOT_INSTALLED = 3;

    @Test
    void everyStateOfTheModel_isAsItMustBe_andEachPlantedBugIsFound() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("basedir", ""), "../docs/model/check")
                .toAbsolutePath()
                .normalize();
        Process process =
                new ProcessBuilder(script.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        assumeTrue(status != NOT_INSTALLED, said);
        assertThat(status).as(said).isZero();
        assertThat(said).contains("holds: three VMs").contains("planted: ").endsWith("all as it must be");
    }
}
