package dev.keyturn.server.arm;

import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Keys in memory that really wrap, and can be disabled. */
final class TestVault implements CustomerKeys {
    private final Map<KeyId, byte[]> keys = new ConcurrentHashMap<>();
    private final Set<KeyId> disabled = ConcurrentHashMap.newKeySet();
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();
    /** Whether only those that were admitted may use keys. */
    volatile boolean guarded;
    /** What decides about access, as far as the facts tell. */
    volatile KeyGuard guard = new KeyGuard(KeyGuard.Kind.ROLES, "kv");
    /** Where the vault is, as far as the facts tell. */
    volatile String location = "westeurope";
    /** Called whenever facts are asked for, before the answer. */
    volatile Runnable whileAsked = () -> {};

    String create(int number) {
        KeyId id = new KeyId("kv.vault.keyturn.test", "cmk", "%032x".formatted(number));
        byte[] bytes = new byte[32];
        new Random(number).nextBytes(bytes);
        keys.put(id, bytes);
        return id.url();
    }

    void admit(String principal) {
        admitted.add(principal);
    }

    private boolean lets(PrincipalId as) {
        return !guarded || admitted.contains(as.toString());
    }

    void disable(String url) {
        disabled.add(KeyId.parse(url).orElseThrow());
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId key) {
        whileAsked.run();
        Set<String> both = Set.of("wrapKey", "unwrapKey");
        return Optional.ofNullable(keys.get(key))
                .map(k -> new KeyFacts(
                        "RSA-HSM",
                        3072,
                        !disabled.contains(key),
                        Optional.empty(),
                        Optional.empty(),
                        both,
                        true,
                        true,
                        guard,
                        true,
                        true,
                        location,
                        lets(as) ? Set.of("get", "wrapKey", "unwrapKey") : Set.of()));
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext) {
        require(as, key);
        return plaintext.reveal(p -> crypt(Cipher.ENCRYPT_MODE, key, p));
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped) {
        require(as, key);
        return SecretBytes.adopt(crypt(Cipher.DECRYPT_MODE, key, wrapped));
    }

    private void require(PrincipalId as, KeyId key) {
        if (!lets(as)) {
            throw new DomainError.Forbidden(ErrorInfo.at(
                            key.url(), "KeyVaultAccessForbidden", "Key '" + key.url() + "' is not open to " + as + "."))
                    .asException();
        }
    }

    private byte[] crypt(int mode, KeyId key, byte[] input) {
        byte[] bytes = keys.get(key);
        if (bytes == null || disabled.contains(key)) {
            throw new DomainError.Forbidden(ErrorInfo.at(key.url(), "KeyVaultKeyNotEnabled", "Key not usable: " + key))
                    .asException();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(128, new byte[12]));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
