package dev.keyturn.server.portal.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.verification.Verification;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LastProofTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyId KEY = KeyId.parse("https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef")
            .orElseThrow();

    private static LastProof proof(long opened, Set<ArtifactId> left, long later, long leftOut) {
        Verification.Answer answer = new Verification.Answer(KEY, 0, new ArtifactId(9), opened, 0, Set.of(), left);
        Verification verification = new Verification(
                new OperationId(new UUID(0, 1)), "ada", NOW, NOW, Optional.empty(), Optional.of(answer));
        return LastProof.of(new Verification.Proof(verification, answer, false, later, leftOut));
    }

    @Test
    void setWithoutArtifacts_hasNothingToProve() {
        LastProof proof = proof(0, Set.of(), 0, 0);
        assertThat(proof.word()).isEqualTo("There was nothing to prove");
        assertThat(proof.counted()).isEqualTo("0 artifacts");
        assertThat(proof.state()).isEqualTo("off");
    }

    @Test
    void artifactsThatCameLater_areToldApart_fromThoseThatWereLeftOut() {
        assertThat(proof(4, Set.of(), 2, 0).limits())
                .containsExactly("2 artifacts are in the set now that came after it.");
        LastProof left = proof(4, Set.of(new ArtifactId(3)), 0, 1);
        assertThat(left.word()).isEqualTo("Everything else opened");
        assertThat(left.stale()).isTrue();
        assertThat(left.limits())
                .singleElement()
                .asString()
                .contains("says nothing of 1 artifact that is in the set now");
    }

    @Test
    void artifactsThatWereNotLookedAt_areNeitherOpenNorClosed_andTheirHostIsNamed() {
        Verification.Unseen unseen = new Verification.Unseen(
                2,
                Set.of(new ArtifactId(1), new ArtifactId(2)),
                Map.of("h2", ErrorInfo.of("HostNotReachable", "It is away.")));
        Verification.Answer answer =
                new Verification.Answer(KEY, 0, new ArtifactId(9), 4, 0, Set.of(), Set.of(), unseen);
        LastProof proof = LastProof.of(new Verification.Proof(
                new Verification(
                        new OperationId(new UUID(0, 1)), "ada", NOW, NOW, Optional.empty(), Optional.of(answer)),
                answer,
                false,
                0,
                0));
        assertThat(proof.word()).isEqualTo("Not everything was looked at");
        assertThat(proof.state()).isEqualTo("warning");
        assertThat(proof.counted()).isEqualTo("4 of 6 artifacts");
        assertThat(proof.limits()).hasSize(2).last().asString().contains("'h2'", "It is away.");
    }

    @Test
    void artifactsThatWereLeftOut_andAreGone_takeNothingFromIt() {
        LastProof proof = proof(4, Set.of(new ArtifactId(3)), 0, 0);
        assertThat(proof.word()).isEqualTo("Everything opened");
        assertThat(proof.stale()).isFalse();
    }
}
