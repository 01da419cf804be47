package dev.keyturn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.LastCheckpoints.Kept;
import dev.keyturn.core.audit.LastCheckpoints.Last;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SealedCheckpointsTest {
    private final SettingsInMemory settings = new SettingsInMemory();
    private final PaperKey master = new PaperKey();
    private final SealedCheckpoints lasts = new SealedCheckpoints(settings, master);
    private final CheckpointKey key = new CheckpointKey(settings, settings, master, lasts);

    private static Checkpoint checkpoint(String node, long number) {
        return new Checkpoint(
                node, number, number, Instant.EPOCH, ChainHash.NONE, ChainHash.NONE, "key", new byte[] {(byte) number});
    }

    private Kept kept() {
        return settings.read(lasts::kept);
    }

    private void keep(Checkpoint made) {
        settings.run(tx -> lasts.keep(tx, made));
    }

    @Test
    void keep_isTheLastOfEachNode() {
        assertThat(kept()).isEqualTo(Kept.NOTHING);
        assertThat(key.publicKey()).isNotEmpty();
        assertThat(kept()).isEqualTo(Kept.NOTHING);

        keep(checkpoint("a node", 1));
        keep(checkpoint("b", 1));
        keep(checkpoint("a node", 2));

        assertThat(kept().problem()).isEmpty();
        assertThat(kept().last())
                .containsEntry("a node", Last.of(checkpoint("a node", 2)))
                .containsEntry("b", Last.of(checkpoint("b", 1)))
                .hasSize(2);
    }

    @Test
    void kept_afterItWasTakenAway_isAProblem_andNothingIsKeptInItsPlace() {
        assertThat(key.publicKey()).isNotEmpty();
        keep(checkpoint("a", 1));

        settings.values.remove(SealedCheckpoints.SETTING);

        assertThat(kept().problem()).hasValueSatisfying(p -> assertThat(p).contains("is missing"));
        assertThatThrownBy(() -> keep(checkpoint("a", 2))).hasMessageContaining("is missing");
    }

    @Test
    void kept_afterItWasAltered_isAProblem() {
        assertThat(key.publicKey()).isNotEmpty();

        settings.values.put(SealedCheckpoints.SETTING, "AAAA");
        assertThat(kept().problem()).hasValueSatisfying(p -> assertThat(p).contains("was altered"));
        settings.values.put(SealedCheckpoints.SETTING, "!");
        assertThat(kept().problem()).hasValueSatisfying(p -> assertThat(p).contains("was altered"));
    }
}
