package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How ./keyturn and ./check find a JDK, what ./check can be told, and what becomes of an installation that is not for this system. */
class LauncherTest {
    private static final Path SCRIPT = Path.of(System.getProperty("basedir", ""), "../build/jdk.sh");
    private static final Path CHECK = Path.of(System.getProperty("basedir", ""), "../check");
    private static final Path INSTALL = Path.of(System.getProperty("basedir", ""), "../build/install-libvirt");

    @TempDir
    private Path directory = Path.of("");

    private record Ran(int status, String out, String err) {}

    @Test
    void aJdkThatIsNewEnough_inJavaHome_isTaken_alsoFromAPathWithSpaces() throws Exception {
        Path jdk = jdk("my jdk", "27.0.1", true);
        assertThat(find(Map.of("JAVA_HOME", jdk.toString())).out()).isEqualTo(jdk + "\n");
    }

    @Test
    void anOldJdk_inJavaHome_isPassedOverForANewerOneInTheHomeDirectory() throws Exception {
        Path old = jdk("old", "17.0.15", true);
        Path sdkman = jdk("home/.sdkman/candidates/java/25.0.3-tem", "25.0.3", true);
        Path newer = jdk("home/.jdks/temurin-99", "99", true);

        String found = find(Map.of("JAVA_HOME", old.toString(), "HOME", directory + "/home"))
                .out()
                .strip();
        assertThat(found).isNotEqualTo(old.toString()).isNotEqualTo(newer.toString());
        assertThat(Path.of(found)).isIn(sdkman, Path.of(System.getProperty("java.home")));
    }

    @Test
    void aRuntimeWithoutACompiler_isNotEnough() throws Exception {
        Path jre = jdk("jre", "25", false);
        assertThat(find(Map.of("JAVA_HOME", jre.toString())).out()).isNotEqualTo(jre + "\n");
    }

    @Test
    void whereThereIsNone_itSaysWhatToInstall_withStatusTwo() throws Exception {
        Ran ran = bash("source \"$SCRIPT\"; find_jdk() { return 1; }; require_jdk; echo went on", Map.of());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("no JDK 25 or newer found", "Install one");
    }

    @Test
    void installingLibvirt_onASystemWithoutApt_isRefusedInOneLine_withStatusTwo() throws Exception {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        Path dirname = tools.resolve("dirname");
        Files.writeString(dirname, "#!/bin/sh\nexec /usr/bin/dirname \"$@\"\n");
        Files.setPosixFilePermissions(dirname, PosixFilePermissions.fromString("rwx------"));

        Ran ran = bash(
                "exec \"$BASH\" \"$INSTALL\"",
                Map.of(
                        "PATH",
                        tools.toString(),
                        "INSTALL",
                        INSTALL.toAbsolutePath().toString()));

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).hasSize(1).allMatch(l -> l.contains("install: this is for Debian"));
    }

    @Test
    void check_toldWhatItDoesNotKnow_isRefusedWithItsUsage_withStatusTwo_beforeItDoesAnything() throws Exception {
        assertThat(check("--lnog").err()).startsWith("check: there is no option '--lnog'.\nusage: ./check [--long]");
        assertThat(check("servr").err()).startsWith("check: there is no module 'servr'.\n");
        assertThat(check("--long server json").err()).startsWith("check: one module can be named, not 'server' and");
        for (String wrong : new String[] {"--lnog", "servr", "server json", "''"}) {
            Ran ran = check(wrong);
            assertThat(ran.status()).as(wrong).isEqualTo(2);
            assertThat(ran.out()).as(wrong).isEmpty();
        }
        assertThat(check("--help").out()).startsWith("usage:").contains("--long", "acceptance", "json");
    }

    private Ran check(String arguments) throws IOException, InterruptedException {
        return bash(
                "\"$CHECK\" " + arguments,
                Map.of("CHECK", CHECK.toAbsolutePath().toString()));
    }

    private Ran find(Map<String, String> environment) throws IOException, InterruptedException {
        return bash("source \"$SCRIPT\"; find_jdk; echo \"$JAVA_HOME\"", environment);
    }

    private Ran bash(String script, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-euc", script);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("SCRIPT", SCRIPT.toAbsolutePath().toString());
        builder.environment().putAll(environment);
        Path err = directory.resolve("stderr");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
    }

    private Path jdk(String name, String version, boolean compiler) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/java"));
        if (compiler) {
            executable(home.resolve("bin/javac"));
        }
        return home;
    }

    private static void executable(Path file) throws IOException {
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
