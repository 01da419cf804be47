package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
    @Test
    void aToolThatFoundNoSpace_isBelieved_alsoWhereThereIsSomeAgain(@TempDir Path directory) {
        assertThat(Reason.ofWriting(directory, "qemu-img: error while writing: No space left on device"))
                .contains("the disk is full: " + directory);
        assertThat(Reason.ofWriting(directory, "qemu-img: Disk quota exceeded")).contains("the disk is full");
        assertThat(Reason.ofWriting(directory, "qemu-img: Input/output error")).doesNotContain("full");
    }
}
