package dev.keyturn.keys.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.model.Errand;
import dev.keyturn.keys.KeyBackendContract;
import dev.keyturn.keys.MasterKey;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract with the provider that loads best here, and what holds for sealed handles alone. */
class SoftwareKeyBackendTest extends KeyBackendContract {
    private final SecureRandom random = new SecureRandom();
    private final byte[] root = random.generateSeed(32);
    private final SoftwareKeyBackend backend = new SoftwareKeyBackend(MasterKey.of(root, random), random);

    @Override
    protected KeyBackend backend() {
        return backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void handle_neverHoldsTheKeyInClear() {
        BackendKey key = fresh(new KeySpec.Oct(256));
        byte[] wrapped = sealWith(key);

        assertThat(wrapped).hasSize(40);
        assertThat(key.handle()).hasSize(1 + 12 + 32 + 16);
        assertThat(key.toString()).doesNotContain(Arrays.toString(key.handle()));
    }

    private byte[] sealWith(BackendKey key) {
        try {
            return backend.encrypt(key, CipherAlgorithm.A256KW, new byte[32], Optional.empty(), Optional.empty())
                    .bytes();
        } catch (dev.keyturn.core.keycrypto.CryptoRefusedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void handle_inAnotherRow_isOfNoUse() {
        BackendKey key = fresh(new KeySpec.Oct(256));
        BackendKey moved = new BackendKey(key.spec(), "0".repeat(32), key.publicPart(), key.handle());

        assertThatThrownBy(() -> sealWith(moved)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void handle_underTheSameMasterKey_worksInANewProcess() throws Exception {
        BackendKey key = fresh(new KeySpec.Rsa(2048, true));
        CipherText wrapped =
                backend.encrypt(key, CipherAlgorithm.RSA_OAEP_256, new byte[32], Optional.empty(), Optional.empty());

        try (SoftwareKeyBackend again = new SoftwareKeyBackend(MasterKey.of(root, random), random);
                var opened = again.decrypt(key, CipherAlgorithm.RSA_OAEP_256, wrapped, Optional.empty())) {
            assertThat(opened.reveal(byte[]::clone)).isEqualTo(new byte[32]);
        }
    }

    @Test
    void keysMadeInAdvance_areKeysLikeAnyOther_andNoTwoPrincipalsGetOne() throws Exception {
        Errand errand = new Errand() {
            @Override
            public String principal() {
                return "ann";
            }

            @Override
            public Watch whenAbandoned(Runnable action) {
                return () -> {};
            }
        };
        KeySpec spec = new KeySpec.Rsa(2048, false);
        Set<String> moduli = new HashSet<>();
        try (SoftwareKeyBackend ready =
                new SoftwareKeyBackend(MasterKey.of(root, random), random, new Bounds(9, 9, 2))) {
            for (int i = 0; i < 6; i++) {
                String version = String.format("%032d", i);
                KeyBackend.Made made =
                        ScopedValue.where(Errand.CURRENT, errand).call(() -> ready.generate(spec, version));
                BackendKey key = new BackendKey(spec, version, made.publicPart(), made.handle());
                CipherText wrapped = ready.encrypt(
                        key, CipherAlgorithm.RSA_OAEP_256, new byte[32], Optional.empty(), Optional.empty());
                try (var opened = ready.decrypt(key, CipherAlgorithm.RSA_OAEP_256, wrapped, Optional.empty())) {
                    assertThat(opened.reveal(byte[]::clone)).isEqualTo(new byte[32]);
                }
                byte[] modulus = ((PublicPart.Rsa) made.publicPart()).n();
                assertThat(new BigInteger(1, modulus).bitLength()).isEqualTo(2048);
                moduli.add(Arrays.toString(modulus));
            }
        }
        assertThat(moduli).hasSize(6);
    }

    @Test
    void cache_holdsNoMoreThanItsCapacityAndDropsTheLeastUsed() {
        Cache<String> cache = new Cache<>(2);
        assertThat(cache.get(new byte[] {1}, () -> "one")).isEqualTo("one");
        cache.get(new byte[] {2}, () -> "two");
        cache.get(new byte[] {1}, () -> "never");
        cache.get(new byte[] {3}, () -> "three");

        assertThat(cache.get(new byte[] {1}, () -> "reloaded")).isEqualTo("one");
        assertThat(cache.get(new byte[] {2}, () -> "reloaded")).isEqualTo("reloaded");
    }
}
