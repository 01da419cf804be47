package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void help_listsMigrate() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("migrate");
    }

    @Test
    void migrate_needsADirectoryAndADatabase() {
        for (String[] ends :
                new String[][] {{"a", "b"}, {"postgresql://u@h/d", "postgresql://u@h/e"}, {"a", "mysql://h/d"}}) {
            err.getBuffer().setLength(0);
            assertThat(run("migrate", "--from", ends[0], "--to", ends[1])).isEqualTo(2);
            assertThat(err.toString())
                    .startsWith("keyturn: One of --from and --to is a data directory, and the other postgresql://");
        }
    }

    @Test
    void migrate_namesAllThatIsWrong_andTellsNoPassword() {
        assertThat(run(
                        "migrate",
                        "--from",
                        "postgresql://u:hunter2@h:x/d?sslmode=allow",
                        "--to",
                        "dir",
                        "--database-password-file",
                        "no-such-file"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(4)
                .anyMatch(l -> l.contains("no password in it"))
                .anyMatch(l -> l.contains("The port"))
                .anyMatch(l -> l.contains("sslmode"))
                .anyMatch(l -> l.contains("There is no file no-such-file"));
        assertThat(err.toString()).doesNotContain("hunter2");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void migrate_aDirectoryThatIsNotThere_isNotMade(@TempDir Path directory) {
        Path none = directory.resolve("none");
        assertThat(run("migrate", "--from", none.toString(), "--to", "postgresql://u@localhost:1/d"))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("keyturn: There is no directory " + none + ".");
        assertThat(none).doesNotExist();
    }

    @Test
    void migrate_aServerThatDoesNotAnswer_isToldInOneLine(@TempDir Path directory) {
        assertThat(run(
                        "migrate",
                        "--from",
                        "postgresql://u@localhost:1/d",
                        "--to",
                        directory.resolve("to").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("keyturn: The database postgresql://u@localhost:1/d cannot be opened: ");
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
