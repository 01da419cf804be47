package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageLockTest {
    @TempDir
    private Path directory = Path.of("");

    private static StorageLock ours(Path storage) throws IOException {
        return ((StorageLock.Taken.Ours) StorageLock.take(storage)).lock();
    }

    @Test
    void secondTime_inTheSameProcess_isRefused_andTheFirstStillHolds() throws Exception {
        try (StorageLock _ = ours(directory)) {
            assertThat(StorageLock.take(directory))
                    .isEqualTo(new StorageLock.Taken.Theirs(
                            Optional.of(ProcessHandle.current().pid())));
            Process other = other();
            try {
                assertThat(said(other)).isEqualTo("Theirs");
            } finally {
                other.destroyForcibly().waitFor();
            }
        }
        ours(directory).close();
    }

    @Test
    void otherProcess_isNamed_andItsLockEndsWithIt() throws Exception {
        Process other = other();
        try {
            assertThat(said(other)).isEqualTo("Ours");
            assertThat(StorageLock.take(directory)).isEqualTo(new StorageLock.Taken.Theirs(Optional.of(other.pid())));
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (StorageLock _ = ours(directory)) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.resolve(StorageLock.FILE))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void hostInADirectoryThatIsInUse_isRefusedInWords_andChangesNothing() throws IOException {
        Path storage = Files.createDirectory(directory.resolve("storage"));
        try (StorageLock _ = ours(storage)) {
            HostUnusableException refused = catchThrowableOfType(
                    HostUnusableException.class, () -> Setup.of(LibvirtRig.settings(directory, UUID.randomUUID())));
            assertThat(refused.problems())
                    .anySatisfy(p -> assertThat(p)
                            .contains("Host 'test'", storage.toString(), "in use by another process")
                            .contains(Long.toString(ProcessHandle.current().pid())));
            assertThat(Setup.used(storage)).isFalse();
            assertThat(storage.resolve("scratch")).doesNotExist();
        }
    }

    private Process other() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockingProcess.class.getName(),
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String said(Process process) throws IOException {
        return process.inputReader(StandardCharsets.UTF_8).readLine();
    }
}
