package dev.keyturn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CheckpointKeyTest {
    private final PaperKey master = new PaperKey();
    private final SettingsInMemory settings = new SettingsInMemory();

    private CheckpointKey key(SettingsInMemory of) {
        return new CheckpointKey(of, of, master, new SealedCheckpoints(of, master));
    }

    @Test
    void key_isTheSameAfterARestart() {
        assertThat(key(settings).keyId()).isEqualTo(key(settings).keyId());
    }

    @Test
    void publicPartOfAnotherKey_isNotBelieved() {
        assertThat(key(settings).publicKey()).isNotEmpty();
        SettingsInMemory others = new SettingsInMemory();
        assertThat(key(others).publicKey()).isNotEmpty();

        settings.values.put(CheckpointKey.PUBLIC, others.values.getOrDefault(CheckpointKey.PUBLIC, ""));
        assertThatThrownBy(() -> key(settings).keyId()).hasMessageContaining("not of one key");
        assertThatThrownBy(() -> key(settings).sign(new byte[1])).hasMessageContaining("not of one key");

        settings.values.put(CheckpointKey.PUBLIC, "AAAA");
        assertThatThrownBy(() -> key(settings).publicKey()).hasMessageContaining("not of one key");
    }
}
