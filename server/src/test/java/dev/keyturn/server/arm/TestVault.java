package dev.keyturn.server.arm;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.vault.CustomerKeys;
import dev.keyturn.core.vault.KeyFacts;
import dev.keyturn.core.vault.KeyGuard;
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

    String create(int number) {
        KeyId id = new KeyId("kv.vault.keyturn.test", "cmk", "%032x".formatted(number));
        byte[] bytes = new byte[32];
        new Random(number).nextBytes(bytes);
        keys.put(id, bytes);
        return id.url();
    }

    void disable(String url) {
        disabled.add(KeyId.parse(url).orElseThrow());
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId key) {
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
                        new KeyGuard(KeyGuard.Kind.ROLES, "kv"),
                        true,
                        true,
                        "westeurope",
                        Set.of("get", "wrapKey", "unwrapKey")));
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext) {
        return plaintext.reveal(p -> crypt(Cipher.ENCRYPT_MODE, key, p));
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped) {
        return SecretBytes.adopt(crypt(Cipher.DECRYPT_MODE, key, wrapped));
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
