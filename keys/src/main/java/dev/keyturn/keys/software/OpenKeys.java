package dev.keyturn.keys.software;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.model.SecretBytes;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Opens the handles of keys, and keeps what it opened in caches of bounded size, by handle. Thread-safe. */
final class OpenKeys {
    private static final int CACHED = 1024;

    private final PlatformKey root;
    private final RsaKeys rsa;
    private final EcKeys ec;
    private final Cache<PrivateKey> privates = new Cache<>(CACHED);
    private final Cache<PublicKey> publics = new Cache<>(CACHED);
    private final Cache<SecretKey> secrets = new Cache<>(CACHED);

    OpenKeys(PlatformKey root, RsaKeys rsa, EcKeys ec) {
        this.root = root;
        this.rsa = rsa;
        this.ec = ec;
    }

    /** What a handle is sealed for: a key version of one kind. */
    static String context(KeySpec spec, String version) {
        return "keyturn key|" + spec.text() + "|" + version;
    }

    /** What is in the handle; not cached. */
    SecretBytes clear(BackendKey key) {
        return root.open(key.handle(), context(key.spec(), key.version()));
    }

    PrivateKey privateKey(BackendKey key) {
        return privates.get(key.handle(), () -> {
            try (SecretBytes clear = clear(key)) {
                byte[] pkcs8 = clear.reveal(byte[]::clone);
                try {
                    return SoftwareKeyBackend.sure(() -> key.publicPart() instanceof PublicPart.Ec e
                            ? ec.parse(e.curve(), pkcs8)
                            : rsa.parse(pkcs8));
                } finally {
                    Arrays.fill(pkcs8, (byte) 0);
                }
            }
        });
    }

    PublicKey publicKey(BackendKey key) {
        return publics.get(
                key.handle(),
                () -> SoftwareKeyBackend.sure(() -> switch (key.publicPart()) {
                    case PublicPart.Rsa r -> rsa.parse(r);
                    case PublicPart.Ec e -> ec.parse(e);
                    case PublicPart.None _ -> throw new IllegalArgumentException(key + " has no public part");
                }));
    }

    SecretKey secretKey(BackendKey key) {
        return secrets.get(key.handle(), () -> {
            try (SecretBytes clear = clear(key)) {
                return clear.reveal(bytes -> new SecretKeySpec(bytes, "AES"));
            }
        });
    }

    void forget(BackendKey key) {
        privates.forget(key.handle());
        secrets.forget(key.handle());
        publics.forget(key.handle());
    }
}
