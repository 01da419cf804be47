package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AzTest {
    private static final List<String> HOSTILE = List.of(
            "plain-1.x_y",
            "two words",
            "it's",
            "'; rm -rf / #",
            "$(touch /tmp/x)",
            "`id`",
            "\"quoted\"",
            "back\\slash",
            "a*?[b]",
            "~root",
            "{a,b}",
            "!history",
            "new\nline",
            "(group)",
            "\u00fcml\u00e4ut",
            "",
            "a=b",
            "&& true",
            "<in >out |pipe");

    @Test
    void everyWord_isThatWord_inAShell() throws Exception {
        String command = new Az(Stream.concat(Stream.of("printf", "%s\\0"), HOSTILE.stream())
                        .toList())
                .text();
        Process shell = new ProcessBuilder("sh", "-c", command).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(said).isEqualTo(HOSTILE.stream().map(w -> w + "\0").collect(Collectors.joining()));
    }

    @Test
    void value_thatWouldBeTakenForAnOption_orForAFile_isTiedToItsOption() {
        assertThat(Az.of("vm", "show")
                        .with("--name", "-x")
                        .with("--tag", "@/etc/passwd")
                        .text())
                .isEqualTo("az vm show --name=-x --tag=@/etc/passwd");
        assertThat(Az.of("vm", "show").with("--name", "x y").text()).isEqualTo("az vm show --name 'x y'");
    }
}
