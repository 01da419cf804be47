package dev.keyturn.node.scenario;

import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Customer-managed keys in memory, open to all but those who were shut out; and the server's platform key. */
final class TestVault implements CustomerKeys, PlatformKey {
    static final String REGION = "westeurope";

    private static final class Key {
        final byte[] bytes = new byte[32];
        volatile boolean enabled = true;
        volatile Optional<Instant> expires = Optional.empty();
        volatile String region = REGION;
    }

    private final Clock clock;
    private final Map<KeyId, Key> keys = new ConcurrentHashMap<>();
    private final Set<PrincipalId> shutOut = ConcurrentHashMap.newKeySet();
    private final Key platform = new Key();
    volatile boolean silent;
    private volatile boolean closed;

    TestVault(Clock clock) {
        this.clock = clock;
        new java.util.Random(0).nextBytes(platform.bytes);
    }

    /** Called when somebody asks what a key is. */
    volatile Runnable whileAsked = () -> {};

    KeyId create(int number) {
        KeyId id = new KeyId("kv.vault.test", "cmk", "%032x".formatted(number));
        Key key = new Key();
        new java.util.Random(number).nextBytes(key.bytes);
        keys.put(id, key);
        return id;
    }

    void enable(KeyId id, boolean enabled) {
        key(id).enabled = enabled;
    }

    void expire(KeyId id, Instant when) {
        key(id).expires = Optional.of(when);
    }

    void move(KeyId id, String region) {
        key(id).region = region;
    }

    void delete(KeyId id) {
        keys.remove(id);
    }

    /** From now on nobody may use any key. */
    void admitNobody() {
        closed = true;
    }

    void shutOut(PrincipalId who) {
        shutOut.add(who);
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId id) {
        answer();
        whileAsked.run();
        Set<String> operations = Set.of("wrapKey", "unwrapKey");
        return Optional.ofNullable(keys.get(id))
                .map(k -> new KeyFacts(
                        "RSA-HSM",
                        3072,
                        k.enabled,
                        Optional.empty(),
                        k.expires,
                        operations,
                        true,
                        true,
                        new KeyGuard(KeyGuard.Kind.ROLES, "kv"),
                        true,
                        true,
                        k.region,
                        closed || shutOut.contains(as) ? Set.of() : Set.of("get", "wrapKey", "unwrapKey")));
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId id, SecretBytes plaintext) {
        Key key = usable(as, id);
        if (key.expires.filter(e -> !clock.instant().isBefore(e)).isPresent()) {
            throw refused(id, "KeyExpired", "has expired");
        }
        return plaintext.reveal(p -> crypt(Cipher.ENCRYPT_MODE, key, p, id.url()));
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId id, byte[] wrapped) {
        return SecretBytes.adopt(crypt(Cipher.DECRYPT_MODE, usable(as, id), wrapped, id.url()));
    }

    @Override
    public byte[] seal(SecretBytes plaintext, String context) {
        return plaintext.reveal(p -> crypt(Cipher.ENCRYPT_MODE, platform, p, context));
    }

    @Override
    public SecretBytes open(byte[] sealed, String context) {
        return SecretBytes.adopt(crypt(Cipher.DECRYPT_MODE, platform, sealed, context));
    }

    private Key usable(PrincipalId as, KeyId id) {
        answer();
        Key key = key(id);
        if (!key.enabled) {
            throw refused(id, "KeyVaultKeyNotEnabled", "is disabled");
        }
        if (closed || shutOut.contains(as)) {
            throw refused(id, "KeyVaultAccessForbidden", "is not open to " + as);
        }
        return key;
    }

    private void answer() {
        if (silent) {
            throw new DomainError.Unavailable(ErrorInfo.of("VaultUnreachable", "the vault does not answer"))
                    .asException();
        }
    }

    private Key key(KeyId id) {
        Key key = keys.get(id);
        if (key == null) {
            throw refused(id, "KeyNotFound", "does not exist");
        }
        return key;
    }

    private static RuntimeException refused(KeyId id, String code, String what) {
        return new DomainError.Forbidden(ErrorInfo.at(id.url(), code, "Key '" + id.url() + "' " + what + "."))
                .asException();
    }

    private static byte[] crypt(int mode, Key key, byte[] input, String context) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            // One fixed nonce is fine for a fake whose keys wrap random keys only.
            cipher.init(mode, new SecretKeySpec(key.bytes, "AES"), new GCMParameterSpec(128, new byte[12]));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (AEADBadTagException e) {
            throw new DomainError.Invalid(ErrorInfo.of("BadParameter", "It was not wrapped by this key."))
                    .asException();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
