package dev.keyturn.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SetKeyCipherTest {
    private static final Optional<ArmId> SET =
            Optional.of(new ArmId("s", "g", "Microsoft.Compute/diskEncryptionSets", "des"));
    private static final ArtifactId ARTIFACT = new ArtifactId(7);
    private final SecureRandom random = new SecureRandom();

    private SetKeyCipher cipher(SetKeyId id, int fill) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        return new SetKeyCipher(id, SecretBytes.adopt(key), random);
    }

    private static SetKeyId id() {
        return new SetKeyId(UUID.randomUUID());
    }

    @Test
    void open_afterSeal_yieldsTheSameDataKey() {
        try (SetKeyCipher cipher = cipher(id(), 1);
                SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            Envelope envelope = cipher.seal(ARTIFACT, SET, dataKey);
            try (SecretBytes opened = cipher.open(ARTIFACT, SET, envelope)) {
                assertThat(opened.sameAs(dataKey)).isTrue();
            }
        }
    }

    @Test
    void seal_twice_neverUsesANonceAgain() {
        try (SetKeyCipher cipher = cipher(id(), 1);
                SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            Envelope a = cipher.seal(ARTIFACT, SET, dataKey);
            Envelope b = cipher.seal(ARTIFACT, SET, dataKey);
            assertThat(a.nonce()).isNotEqualTo(b.nonce());
            assertThat(a.sealed()).isNotEqualTo(b.sealed());
            assertThat(a.check()).isEqualTo(b.check());
        }
    }

    @Test
    void open_forAnotherArtifactOrSet_isRefused() {
        try (SetKeyCipher cipher = cipher(id(), 1);
                SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            Envelope envelope = cipher.seal(ARTIFACT, SET, dataKey);
            Optional<ArmId> otherSet =
                    Optional.of(new ArmId("s", "g", "Microsoft.Compute/diskEncryptionSets", "other"));
            assertThatThrownBy(() -> cipher.open(new ArtifactId(8), SET, envelope))
                    .isInstanceOf(EnvelopeDamagedException.class);
            assertThatThrownBy(() -> cipher.open(ARTIFACT, otherSet, envelope))
                    .isInstanceOf(EnvelopeDamagedException.class);
            assertThatThrownBy(() -> cipher.open(ARTIFACT, Optional.empty(), envelope))
                    .isInstanceOf(EnvelopeDamagedException.class);
        }
    }

    @Test
    void open_underAnotherSetKey_isRefused_evenUnderTheSameId() {
        SetKeyId id = id();
        try (SetKeyCipher one = cipher(id, 1);
                SetKeyCipher two = cipher(id, 2);
                SetKeyCipher three = cipher(id(), 1);
                SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            Envelope envelope = one.seal(ARTIFACT, SET, dataKey);
            assertThatThrownBy(() -> two.open(ARTIFACT, SET, envelope)).isInstanceOf(EnvelopeDamagedException.class);
            assertThatThrownBy(() -> three.open(ARTIFACT, SET, envelope)).isInstanceOf(EnvelopeDamagedException.class);
        }
    }

    @Test
    void open_ofADamagedEnvelope_isRefused_whereverItIsDamaged() {
        try (SetKeyCipher cipher = cipher(id(), 1);
                SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            Envelope good = cipher.seal(ARTIFACT, SET, dataKey);
            for (Envelope bad : new Envelope[] {
                new Envelope(good.setKey(), flipped(good.nonce()), good.sealed(), good.check()),
                new Envelope(good.setKey(), good.nonce(), flipped(good.sealed()), good.check()),
                new Envelope(good.setKey(), good.nonce(), good.sealed(), flipped(good.check())),
                new Envelope(good.setKey(), good.nonce(), new byte[3], good.check()),
                new Envelope(good.setKey(), new byte[0], good.sealed(), good.check()),
            }) {
                assertThatThrownBy(() -> cipher.open(ARTIFACT, SET, bad)).isInstanceOf(EnvelopeDamagedException.class);
            }
        }
    }

    @Test
    void open_ofAnEnvelopeWithAnotherArtifactsDataKey_isRefused() {
        try (SetKeyCipher cipher = cipher(id(), 1);
                SecretBytes mine = SetKeyCipher.newDataKey(random);
                SecretBytes other = SetKeyCipher.newDataKey(random)) {
            Envelope right = cipher.seal(ARTIFACT, SET, mine);
            Envelope swapped = cipher.seal(ARTIFACT, SET, other);
            Envelope mixed = new Envelope(swapped.setKey(), swapped.nonce(), swapped.sealed(), right.check());
            assertThatThrownBy(() -> cipher.open(ARTIFACT, SET, mixed))
                    .isInstanceOf(EnvelopeDamagedException.class)
                    .hasMessageContaining("another data key");
        }
    }

    @Test
    void use_afterClose_isRefused() {
        SetKeyCipher cipher = cipher(id(), 1);
        cipher.close();
        try (SecretBytes dataKey = SetKeyCipher.newDataKey(random)) {
            assertThatThrownBy(() -> cipher.seal(ARTIFACT, SET, dataKey)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[copy.length / 2] ^= 1;
        return copy;
    }
}
