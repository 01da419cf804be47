package dev.keyturn.server.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LockHolderTest {
    /** As Linux tells it: a lock, another of a longer inode, one that waits, one of a process that cannot be seen. */
    private static final List<String> LOCKS = List.of(
            "1: POSIX  ADVISORY  WRITE 999 fe:01:1234567 0 EOF",
            "2: POSIX  ADVISORY  WRITE 42 fe:01:4567 0 EOF",
            "2: -> POSIX  ADVISORY  WRITE 77 fe:01:4567 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 0 00:1c:88 0 EOF",
            "");

    @Test
    void processThatHasTheLock_isNamed_whereTheSystemTells() {
        assertThat(LockHolder.of("4567", LOCKS)).isEqualTo(" (process 42)");
        assertThat(LockHolder.of("88", LOCKS)).isEmpty();
        assertThat(LockHolder.of("5", LOCKS)).isEmpty();
    }
}
