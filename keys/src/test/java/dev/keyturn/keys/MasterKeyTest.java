package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();

    @Test
    void create_makesAFileOfThirtyTwoBytesForItsOwnerAlone() throws Exception {
        Path file = directory.resolve("master.key");

        MasterKey made = MasterKey.create(file, random);

        assertThat(Files.size(file)).isEqualTo(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.load(file).fingerprint()).isEqualTo(made.fingerprint());
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void create_whereThereIsOne_isRefusedAndLeavesIt() throws Exception {
        Path file = directory.resolve("master.key");
        byte[] first = MasterKey.create(file, random).fingerprint();

        assertThatThrownBy(() -> MasterKey.create(file, random))
                .isInstanceOf(MasterKeyFileException.class)
                .hasMessageContaining("already");
        assertThat(MasterKey.load(file).fingerprint()).isEqualTo(first);
    }

    @Test
    void load_whereOthersMayRead_isRefusedWithTheCure() throws Exception {
        Path file = directory.resolve("master.key");
        MasterKey.create(file, random);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> MasterKey.load(file))
                .isInstanceOf(MasterKeyFileException.class)
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void load_missingOrCutShort_isRefused() throws IOException {
        Path missing = directory.resolve("none.key");
        assertThatThrownBy(() -> MasterKey.load(missing))
                .isInstanceOf(MasterKeyFileException.class)
                .hasMessageContaining("missing");

        Path shortFile = directory.resolve("short.key");
        Files.write(shortFile, new byte[31]);
        Files.setPosixFilePermissions(shortFile, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> MasterKey.load(shortFile))
                .isInstanceOf(MasterKeyFileException.class)
                .hasMessageContaining("31 bytes");
    }

    @Test
    void open_withAnotherContextOrKeyOrAChangedByte_isRefused() {
        MasterKey key = MasterKey.of(random.generateSeed(32), random);
        byte[] sealed = key.seal(SecretBytes.copyOf(new byte[] {1, 2, 3}), "a");

        assertThat(key.open(sealed, "a").reveal(byte[]::clone)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> key.open(sealed, "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> MasterKey.of(random.generateSeed(32), random).open(sealed, "a"))
                .isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> key.open(changed, "a")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void seal_twice_givesDifferentBytes() {
        MasterKey key = MasterKey.of(random.generateSeed(32), random);
        SecretBytes secret = SecretBytes.copyOf(new byte[32]);

        assertThat(key.seal(secret, "a")).isNotEqualTo(key.seal(secret, "a"));
        assertThat(key).hasToString("MasterKey[redacted]");
    }
}
