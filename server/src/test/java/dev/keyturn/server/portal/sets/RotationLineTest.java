package dev.keyturn.server.portal.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.server.portal.frame.Askers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a page says of a rotation whose operation is forgotten. */
class RotationLineTest {
    private static final Instant BEGUN = Instant.parse("2026-03-01T10:00:00Z");

    private static Rotation begun() {
        return new Rotation(
                new OperationId(UUID.randomUUID()),
                new ArmId("sub", "group", "Microsoft.Compute/diskEncryptionSets", "set"),
                key("1"),
                key("2"),
                Optional.empty(),
                false,
                "somebody",
                Optional.empty(),
                new ArtifactId(0),
                0,
                0,
                0,
                BEGUN,
                Optional.empty());
    }

    private static KeyId key(String digit) {
        return KeyId.parse("https://vault.example/keys/k/" + digit.repeat(32)).orElseThrow();
    }

    private static Rotation under(long total, long rewrapped, long failed) {
        return begun().under(new SetKeyId(UUID.randomUUID()), total).past(new ArtifactId(9), rewrapped, failed);
    }

    private static String word(Rotation rotation) {
        RotationLine line =
                RotationLine.of(new Account(rotation, Optional.empty(), List.of()), BEGUN.plusSeconds(60), Askers.NONE);
        assertThat(line.succeeded()).isEqualTo(line.word().equals("Done"));
        assertThat(line.state()).isEqualTo(line.succeeded() ? "done" : "error");
        return line.word();
    }

    @Test
    void done_isSaidOnlyWhereTheRowProvesIt() {
        Instant end = BEGUN.plusSeconds(5);
        assertThat(word(under(9, 9, 0).reached(end))).isEqualTo("Done");
        assertThat(word(under(0, 0, 0).reached(end))).isEqualTo("Done");
        assertThat(word(begun().reached(end))).isEqualTo("Not finished");
        assertThat(word(under(9, 4, 0).reached(end))).isEqualTo("Not finished");
        assertThat(word(under(9, 8, 1).reached(end))).isEqualTo("Not finished");
        assertThat(word(under(9, 9, 0).failed(end))).isEqualTo("Not finished");
        assertThat(word(begun())).isEqualTo("Not finished");
    }
}
