package dev.keyturn.keys.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.vault.BackendKey;
import dev.keyturn.core.vault.CipherAlgorithm;
import dev.keyturn.core.vault.CipherText;
import dev.keyturn.core.vault.KeyBackend;
import dev.keyturn.core.vault.KeySpec;
import dev.keyturn.keys.KeyBackendContract;
import dev.keyturn.keys.MasterKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
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
        } catch (dev.keyturn.core.vault.CryptoRefusedException e) {
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
