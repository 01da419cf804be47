package dev.keyturn.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The azure-cli that is installed here; Debian's bookworm has 2.45. */
class AzureCliTest extends AzureCliContract {
    AzureCliTest() {
        super("azcli");
    }

    @Override
    List<String> command(Path directory) {
        boolean installed = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(p -> Files.isExecutable(Path.of(p, "az")));
        assumeTrue(installed, "az is not installed; Debian's package is azure-cli");
        return List.of("az");
    }
}
