package dev.keyturn.node.rotation;

import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Customer-managed keys in memory: really wrap, can be disabled, and count every call. Outlives a "killed" engine. */
final class FakeVault implements CustomerKeys {
    static final String LOCATION = "westeurope";

    private static final class Key {
        final byte[] bytes = new byte[32];
        volatile boolean enabled = true;
    }

    private final Map<KeyId, Key> keys = new ConcurrentHashMap<>();
    final AtomicLong calls = new AtomicLong();
    /** It knows its keys and uses none: what it would have to record cannot be written. */
    volatile boolean full;

    KeyId create(int number) {
        KeyId id = new KeyId("v.vault.test", "cmk", "%032x".formatted(number));
        Key key = new Key();
        new java.util.Random(number).nextBytes(key.bytes);
        keys.put(id, key);
        return id;
    }

    void enable(KeyId id, boolean enabled) {
        key(id).enabled = enabled;
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId id) {
        calls.incrementAndGet();
        Set<String> both = Set.of("wrapKey", "unwrapKey");
        return Optional.ofNullable(keys.get(id))
                .map(k -> new KeyFacts(
                        "RSA-HSM",
                        3072,
                        k.enabled,
                        Optional.empty(),
                        Optional.empty(),
                        both,
                        true,
                        true,
                        new KeyGuard(KeyGuard.Kind.ROLES, "kv"),
                        true,
                        true,
                        LOCATION,
                        Set.of("get", "wrapKey", "unwrapKey")));
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId id, SecretBytes plaintext) {
        return plaintext.reveal(p -> crypt(Cipher.ENCRYPT_MODE, id, p));
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId id, byte[] wrapped) {
        return SecretBytes.adopt(crypt(Cipher.DECRYPT_MODE, id, wrapped));
    }

    private byte[] crypt(int mode, KeyId id, byte[] input) {
        calls.incrementAndGet();
        if (full) {
            throw new DomainError.Unavailable(ErrorInfo.of("StorageFull", "the disk is full")).asException();
        }
        Key key = key(id);
        if (!key.enabled) {
            throw new DomainError.Forbidden(
                            ErrorInfo.at(id.url(), "KeyVaultKeyNotEnabled", "Key '" + id.url() + "' is disabled."))
                    .asException();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            // One fixed nonce is fine for a fake whose keys wrap random keys only in tests.
            cipher.init(mode, new SecretKeySpec(key.bytes, "AES"), new GCMParameterSpec(128, new byte[12]));
            return cipher.doFinal(input);
        } catch (AEADBadTagException e) {
            throw new DomainError.Invalid(ErrorInfo.at(id.url(), "BadParameter", "It was not wrapped by this key."))
                    .asException();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Key key(KeyId id) {
        Key key = keys.get(id);
        if (key == null) {
            throw new DomainError.NotFound(
                            ErrorInfo.at(id.url(), "KeyNotFound", "Key '" + id.url() + "' does not exist."))
                    .asException();
        }
        return key;
    }
}
