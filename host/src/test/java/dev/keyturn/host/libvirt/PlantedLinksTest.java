package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What swtpm's user, whom a guest may have become, can put into the way of root. */
class PlantedLinksTest {
    private static final String SWTPM = "tss";

    private final UUID vm = UUID.randomUUID();
    private Path directory;
    private Path victim;
    private Storage storage;
    private VtpmStates states;
    private final SecretBytes passphrase = Passphrases.VTPM_STATE.of(Fixture.key());

    @BeforeEach
    void open() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "skipped: only root can work as swtpm's user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/swtpm_setup")), "skipped: swtpm_setup is not installed");
        directory = Files.createTempDirectory("keyturn-links");
        Files.setPosixFilePermissions(directory, Storage.PASSABLE);
        victim = Files.createDirectory(directory.resolve("victim"));
        Files.writeString(victim.resolve(VtpmStates.FILE), "root's own");
        storage = new Storage(directory.resolve("storage"), directory.resolve("swtpm"));
        storage.prepare();
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        Files.setPosixFilePermissions(scratch, Storage.PASSABLE);
        states = new VtpmStates(scratch, Optional.of(SWTPM));
    }

    @AfterEach
    void close() throws IOException {
        if (directory != null) {
            assertThat(victim.resolve(VtpmStates.FILE)).hasContent("root's own");
            assertThat(Files.getOwner(victim)).hasToString("root");
            assertThat(Files.getOwner(victim.resolve(VtpmStates.FILE))).hasToString("root");
            Storage.deleteTree(directory);
        }
    }

    @Test
    void vmsDirectory_isRoots_andOnlyTheStateIsSwtpms() throws IOException {
        Path parent = Files.createDirectories(state().resolveSibling("").normalize());
        become(parent);

        states.make(state(), passphrase);

        assertThat(Files.getOwner(parent)).hasToString("root");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)))
                .isEqualTo("rwx--x--x");
        assertThat(Files.getOwner(state())).hasToString(SWTPM);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state())))
                .isEqualTo("rwx------");
        assertThat(states.opens(state(), passphrase)).isTrue();
        assertThat(states.opens(state(), Passphrases.VTPM_STATE.of(Fixture.key())))
                .isFalse();
        assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void directoryOfAnEarlierVersion_isTakenBack_andALinkInItsPlaceIsNot() throws IOException {
        Path parent = Files.createDirectories(state().resolveSibling("").normalize());
        become(parent);
        states.takeBack(state());
        assertThat(Files.getOwner(parent)).hasToString("root");

        Files.delete(parent);
        states.takeBack(state());
        Files.createSymbolicLink(parent, victim);
        assertThatThrownBy(() -> states.takeBack(state())).isInstanceOf(IOException.class);
    }

    @Test
    void making_followsNoLink_inThePlaceOfTheVmsDirectory() throws IOException {
        Files.createDirectories(directory.resolve("swtpm"));
        Files.createSymbolicLink(state().resolveSibling("").normalize(), victim);

        assertThatThrownBy(() -> states.make(state(), passphrase)).isInstanceOf(ToolFailedException.class);
        assertThat(victim.resolve("part")).doesNotExist();
    }

    @Test
    void making_followsNoLink_inThePlaceOfWhatAKilledRunLeft() throws IOException {
        Path parent = Files.createDirectories(state().resolveSibling("").normalize());
        Files.createSymbolicLink(parent.resolve("part"), victim);

        states.make(state(), passphrase);

        assertThat(states.opens(state(), passphrase)).isTrue();
    }

    @Test
    void proving_readsNoLinkedFile_noLinkedDirectory_noPipe_andNothingHuge() throws IOException {
        states.make(state(), passphrase);
        Path file = state().resolve(VtpmStates.FILE);
        Files.delete(file);
        Files.createSymbolicLink(file, victim.resolve(VtpmStates.FILE));
        isNotRead();

        Files.delete(file);
        run("mkfifo", file.toString());
        isNotRead();

        Files.delete(file);
        run("truncate", "-s", "1T", file.toString());
        isNotRead();

        Storage.deleteTree(state());
        Files.createSymbolicLink(state(), victim);
        isNotRead();
    }

    /** The copy is of what swtpm's user wrote, so it is not root that reads it. */
    @Test
    void programs_runAsSwtpmsUser_withNothingOfThisProcesssEnvironment() {
        Tool.Answer answer = Tool.run(
                new Tool.Way(Optional.of(SWTPM), "id -un; id -Gn; cat /proc/self/status; env; exec \"$@\""),
                Duration.ofSeconds(20),
                Optional.empty(),
                _ -> {},
                List.of("true"));

        assertThat(answer.well()).as(answer.said()).isTrue();
        assertThat(answer.said()).startsWith(SWTPM + "\n").containsPattern("CapEff:\\s+0+\n");
        assertThat(answer.said().lines().filter(l -> l.matches("[A-Z_]+=.*")).map(l -> l.split("=", 2)[0]))
                .isSubsetOf("PATH", "HOME", "TMPDIR", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_");
    }

    @Test
    void deleting_followsNoLink_andLeavesNothing() throws IOException {
        states.make(state(), passphrase);
        Files.createSymbolicLink(state().resolve("out"), victim);
        Files.createSymbolicLink(state().resolve("file"), victim.resolve(VtpmStates.FILE));
        Files.createDirectories(state().resolve("a/b/c"));
        Files.createSymbolicLink(state().resolve("a/b/c/up"), directory);

        storage.delete(guestState());

        assertThat(directory.resolve("swtpm").resolve(vm.toString())).doesNotExist();
    }

    @Test
    void deleting_aTreeWithoutEnd_isRefused() throws IOException {
        states.make(state(), passphrase);
        Files.createDirectories(state().resolve("d/".repeat(100)));

        assertThatThrownBy(() -> storage.delete(guestState())).hasMessageContaining("nested too deeply");

        run("rm", "-r", state().resolve("d").toString());
    }

    @Test
    void linkInThePlaceOfAState_isNoState() throws IOException {
        Files.createDirectories(state());
        Files.createSymbolicLink(state().resolve(VtpmStates.FILE), victim.resolve(VtpmStates.FILE));
        storage.define(vm);
        Files.writeString(storage.variables(vm), "");

        assertThat(storage.has(guestState())).isFalse();
    }

    private void isNotRead() {
        assertThatThrownBy(() -> states.opens(state(), passphrase))
                .isInstanceOf(ToolFailedException.class)
                .hasMessageContaining("cannot be read");
        assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }

    private Path state() {
        return storage.tpm(vm);
    }

    private ArtifactImage guestState() {
        return new ArtifactImage(
                new ArtifactId(1), ArtifactKind.GUEST_STATE, Optional.of(vm), Optional.empty(), Optional.empty());
    }

    private static void become(Path path) throws IOException {
        Files.setOwner(
                path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SWTPM));
    }

    private static void run(String... command) {
        assertThat(Tool.run(Duration.ofSeconds(20), Optional.empty(), command).well())
                .isTrue();
    }
}
