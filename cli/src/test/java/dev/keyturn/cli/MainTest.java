package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void version_isPrintedOnStandardOutput() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).matches("keyturn \\d+\\.\\d+\\.\\d+\\S* \\(Java \\d+\\)\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void version_asJson_isOneDocument() {
        assertThat(run("version", "--output", "json")).isZero();
        assertThat(Json.parseObject(out.toString()).get("version").stringValue())
                .isEqualTo(Version.number());
    }

    @Test
    void unknownOption_isNamedWithAHintAndStatusTwo() {
        assertThat(run("version", "--colour")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '--colour'", "Try 'keyturn version --help'.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void unknownCommand_suggestsTheNearest() {
        assertThat(run("versoin")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean: version");
    }

    @Test
    void noCommand_showsUsageAndStatusTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).startsWith("Usage: keyturn");
    }

    @Test
    void help_listsTheCommandsOnStandardOutput() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: keyturn", "version");
    }

    @Test
    void demo_namesAllBadOptionsAtOnce() {
        assertThat(run("demo", "--vms", "0", "--host", "mainframe")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "keyturn: --host must be simulated or libvirt, not 'mainframe'",
                        "keyturn: --vms must be between 1 and 500, not 0");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void demo_onLibvirt_withABadOption_saysSoBeforeAnythingIsInstalled() {
        assertThat(run("demo", "--host", "libvirt", "--vms", "9", "--client-env", "x", "--install"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "keyturn: --vms must be between 1 and 8 on --host libvirt, not 9",
                        "keyturn: --host libvirt needs a server of the demo's own, whose files it may read: leave out"
                                + " --client-env");
    }

    @Test
    void demo_install_withoutTheLauncher_saysHowItIsStarted() {
        assertThat(run("demo", "--install")).isEqualTo(2);
        assertThat(err.toString()).contains("--install works where the demo is started as ./keyturn demo");
    }

    @Test
    void hosts_withoutADataDirectory_saysWhatIsMissing() {
        assertThat(run("hosts", "--data", "/nonexistent/keyturn")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no /nonexistent/keyturn/client.env");
    }

    @Test
    void console_withoutAVm_withoutADataDirectory_orFollowedAsJson_saysWhatIsWrong() {
        assertThat(run("console")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required parameter: 'VM'");
        assertThat(run("console", "vm1", "--data", "/nonexistent/keyturn")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no /nonexistent/keyturn/client.env");
        assertThat(run("console", "vm1", "--follow", "--output", "json")).isEqualTo(2);
        assertThat(err.toString()).contains("--follow prints text as it comes");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
