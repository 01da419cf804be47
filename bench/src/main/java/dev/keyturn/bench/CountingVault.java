package dev.keyturn.bench;

import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Customer-managed keys straight on a key backend: the same RSA operations as a vault's, without its access checks, and
 * counted. Thread-safe.
 */
final class CountingVault implements CustomerKeys {
    static final String LOCATION = "westeurope";
    private static final KeySpec SPEC = new KeySpec.Rsa(3072, true);

    private final KeyBackend backend;
    private final Map<KeyId, BackendKey> keys = new ConcurrentHashMap<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong wraps = new AtomicLong();
    private final AtomicLong unwraps = new AtomicLong();

    /** How often each kind of operation was asked for. */
    record Calls(long reads, long wraps, long unwraps) {
        Calls since(Calls before) {
            return new Calls(reads - before.reads, wraps - before.wraps, unwraps - before.unwraps);
        }

        String text() {
            return reads + " / " + wraps + " / " + unwraps;
        }
    }

    CountingVault(KeyBackend backend) {
        this.backend = backend;
    }

    KeyId create() {
        String version = "%032x".formatted(keys.size() + 1);
        KeyId id = new KeyId("bench.vault.localhost", "cmk", version);
        KeyBackend.Made made = backend.generate(SPEC, version);
        keys.put(id, new BackendKey(SPEC, version, made.publicPart(), made.handle()));
        return id;
    }

    Calls calls() {
        return new Calls(reads.get(), wraps.get(), unwraps.get());
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId key) {
        reads.incrementAndGet();
        Set<String> operations = Set.of("wrapKey", "unwrapKey");
        Set<String> permitted = Set.of("get", "wrapKey", "unwrapKey");
        return Optional.ofNullable(keys.get(key))
                .map(k -> new KeyFacts(
                        SPEC.type(),
                        SPEC.bits(),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        operations,
                        true,
                        true,
                        new KeyGuard(KeyGuard.Kind.ROLES, "kv"),
                        true,
                        true,
                        LOCATION,
                        permitted));
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext) {
        wraps.incrementAndGet();
        byte[] clear = plaintext.reveal(byte[]::clone);
        try {
            return backend.encrypt(known(key), CipherAlgorithm.RSA_OAEP_256, clear, Optional.empty(), Optional.empty())
                    .bytes();
        } catch (CryptoRefusedException e) {
            throw new IllegalStateException(e);
        } finally {
            java.util.Arrays.fill(clear, (byte) 0);
        }
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped) {
        unwraps.incrementAndGet();
        try {
            return backend.decrypt(known(key), CipherAlgorithm.RSA_OAEP_256, CipherText.of(wrapped), Optional.empty());
        } catch (CryptoRefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    private BackendKey known(KeyId id) {
        return Optional.ofNullable(keys.get(id)).orElseThrow(() -> new IllegalStateException("no such key: " + id));
    }
}
