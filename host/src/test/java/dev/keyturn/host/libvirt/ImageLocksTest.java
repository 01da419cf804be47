package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks of other programs are in StartedElsewhereTest. */
class ImageLocksTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void aFileThatNobodyLocked_isFree_andOneThatIsNotThere() throws IOException {
        assertThat(ImageLocks.held(Files.createFile(directory.resolve("file")))).isEmpty();
        assertThat(ImageLocks.held(directory.resolve("none"))).isEmpty();
    }

    @Test
    void aPipeOrALink_isNotWaitedFor_andNotFollowed() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);

        assertThat(ImageLocks.held(pipe)).isNotNull();
        assertThat(ImageLocks.held(link)).isPresent();
    }

    @Test
    void aFileThatCannotBeLookedAt_isNotFree() {
        assertThat(ImageLocks.held(directory.resolve("x".repeat(300)))).isPresent();
    }
}
