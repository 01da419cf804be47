package dev.keyturn.core.key;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherAlgorithm.Family;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import java.util.Optional;

/**
 * Uses keys: wraps, encrypts, signs, and back, with a version or with the latest. Every method asks first whether the
 * caller may, then whether the key may, then whether the algorithm fits. Every use is recorded with the version that did
 * it before it is answered, also one that failed. Thread-safe; must not be called inside a transaction.
 */
public final class KeyCryptoService {
    private static final int MAX_RANDOM = 128;

    private final KeyRows rows;

    KeyCryptoService(KeyRows rows) {
        this.rows = rows;
    }

    /** Which key is used, and with which algorithm. */
    public record Use(String name, Optional<String> version, CipherAlgorithm algorithm) {}

    /** As {@link Use}, for signatures. */
    public record SignUse(String name, Optional<String> version, SignAlgorithm algorithm) {}

    /** What came of a protecting operation, and which version did it. */
    public record Protected(KeyVersion by, CipherText text) {}

    /** What came of an opening operation. The caller closes {@code plaintext}. */
    public record Opened(KeyVersion by, SecretBytes plaintext) {}

    /** A signature and the version that made it. */
    public record Signed(KeyVersion by, byte[] signature) {}

    public Protected wrap(Call call, Vault vault, Use use, byte[] plaintext) {
        return protect(
                call,
                vault,
                use,
                KeyPermission.WRAP,
                KeyOperation.WRAP_KEY,
                plaintext,
                Optional.empty(),
                Optional.empty());
    }

    public Opened unwrap(Call call, Vault vault, Use use, byte[] wrapped) {
        return open(
                call,
                vault,
                use,
                KeyPermission.UNWRAP,
                KeyOperation.UNWRAP_KEY,
                CipherText.of(wrapped),
                Optional.empty());
    }

    /** {@code iv} is for CBC alone; GCM makes its own. */
    public Protected encrypt(
            Call call, Vault vault, Use use, byte[] plaintext, Optional<byte[]> iv, Optional<byte[]> data) {
        return protect(call, vault, use, KeyPermission.ENCRYPT, KeyOperation.ENCRYPT, plaintext, iv, data);
    }

    public Opened decrypt(Call call, Vault vault, Use use, CipherText text, Optional<byte[]> data) {
        return open(call, vault, use, KeyPermission.DECRYPT, KeyOperation.DECRYPT, text, data);
    }

    public Signed sign(Call call, Vault vault, SignUse use, byte[] digest) {
        Ask ask = rows.ask(vault, KeyPermission.SIGN, use.name(), use.version());
        return rows.doors.act(call, ask, permit -> {
            KeyVersion by = usable(permit, vault, use, KeyOperation.SIGN, digest);
            return new Signed(by, rows.backends.of(by).sign(by.backendKey(), use.algorithm(), digest));
        });
    }

    public boolean verify(Call call, Vault vault, SignUse use, byte[] digest, byte[] signature) {
        Ask ask = rows.ask(vault, KeyPermission.VERIFY, use.name(), use.version());
        return rows.doors.act(call, ask, permit -> {
            KeyVersion by = usable(permit, vault, use, KeyOperation.VERIFY, digest);
            return rows.backends.of(by).verify(by.backendKey(), use.algorithm(), digest, signature);
        });
    }

    /** Random bytes of the HSM: 1 to 128 of them. */
    public byte[] random(Call call, Vault hsm, int count) {
        rows.doors.require(call, rows.ask(hsm, KeyPermission.RANDOM));
        if (count < 1 || count > MAX_RANDOM) {
            throw KeyRefusals.badParameter("count", "count must be between 1 and " + MAX_RANDOM + ".");
        }
        return rows.backends.forNewKeys(hsm.kind(), new KeySpec.Oct(256)).random(count);
    }

    /**
     * What is released.
     *
     * @throws dev.keyturn.core.model.DomainException always, once the caller and the key are known to be right: this
     *     server does not serve attested release
     */
    public byte[] release(Call call, Vault vault, String name, Optional<String> version) {
        return rows.doors.act(call, rows.ask(vault, KeyPermission.RELEASE, name, version), permit -> {
            KeyRules.name(name);
            KeyVersion asked = rows.transactions.read(tx -> rows.version(tx, vault, name, version));
            permit.on(rows.id(vault, asked));
            throw KeyRefusals.forbidden(
                    "Key " + asked.name() + "/" + asked.version()
                            + " is not released: this server does not serve attested release.",
                    "KeyReleaseNotServed");
        });
    }

    private Protected protect(
            Call call,
            Vault vault,
            Use use,
            KeyPermission permission,
            KeyOperation operation,
            byte[] plaintext,
            Optional<byte[]> iv,
            Optional<byte[]> data) {
        Ask ask = rows.ask(vault, permission, use.name(), use.version());
        return rows.doors.act(call, ask, permit -> protect(permit, vault, use, operation, plaintext, iv, data));
    }

    private Protected protect(
            Permit permit,
            Vault vault,
            Use use,
            KeyOperation operation,
            byte[] plaintext,
            Optional<byte[]> iv,
            Optional<byte[]> data) {
        KeyVersion by = usable(permit, vault, use, operation);
        Family family = use.algorithm().family();
        if (iv.isPresent() && family != Family.AES_CBC && family != Family.AES_CBC_PAD) {
            throw KeyRefusals.badParameter(
                    "iv",
                    "iv cannot be given with " + use.algorithm().wire()
                            + (family == Family.AES_GCM ? ": the service makes one for each encryption." : "."));
        }
        requireNoStrayData(use.algorithm(), data);
        try {
            return new Protected(
                    by, rows.backends.of(by).encrypt(by.backendKey(), use.algorithm(), plaintext, iv, data));
        } catch (CryptoRefusedException e) {
            throw KeyRefusals.badParameter("value", e.reason());
        }
    }

    private Opened open(
            Call call,
            Vault vault,
            Use use,
            KeyPermission permission,
            KeyOperation operation,
            CipherText text,
            Optional<byte[]> data) {
        Ask ask = rows.ask(vault, permission, use.name(), use.version());
        return Recorded.secret(keep -> rows.doors.act(call, ask, permit -> {
            KeyVersion by = usable(permit, vault, use, operation);
            requireNoStrayData(use.algorithm(), data);
            try {
                return new Opened(
                        by, keep.apply(rows.backends.of(by).decrypt(by.backendKey(), use.algorithm(), text, data)));
            } catch (CryptoRefusedException e) {
                throw KeyRefusals.badParameter("value", e.reason());
            }
        }));
    }

    /** Azure's recordings: CBC ignores {@code aad}, which it has no place for. */
    private static void requireNoStrayData(CipherAlgorithm algorithm, Optional<byte[]> data) {
        boolean ignored = algorithm.family() == Family.AES_CBC || algorithm.family() == Family.AES_CBC_PAD;
        if (data.isPresent() && !ignored && algorithm.family() != Family.AES_GCM) {
            throw KeyRefusals.badParameter("aad", "aad cannot be given with " + algorithm.wire() + ".");
        }
    }

    private KeyVersion usable(Permit permit, Vault vault, Use use, KeyOperation operation) {
        KeyVersion version = allowed(permit, vault, use.name(), use.version(), operation);
        boolean wraps = operation == KeyOperation.WRAP_KEY || operation == KeyOperation.UNWRAP_KEY;
        Family family = use.algorithm().family();
        boolean fits =
                use.algorithm().fits(version.spec()) && (family == Family.RSA || wraps == (family == Family.AES_KW));
        if (!fits) {
            throw mismatch(version, operation, use.algorithm().wire());
        }
        return version;
    }

    private KeyVersion usable(Permit permit, Vault vault, SignUse use, KeyOperation operation, byte[] digest) {
        KeyVersion version = allowed(permit, vault, use.name(), use.version(), operation);
        if (!use.algorithm().fits(version.spec())) {
            throw mismatch(version, operation, use.algorithm().wire());
        }
        if (digest.length != use.algorithm().digestBytes()) {
            throw KeyRefusals.badParameter(
                    operation == KeyOperation.SIGN ? "value" : "digest",
                    "The digest of " + use.algorithm().wire() + " has "
                            + use.algorithm().digestBytes() + " bytes ("
                            + use.algorithm().digest() + "), not " + digest.length + ".");
        }
        return version;
    }

    private KeyVersion allowed(
            Permit permit, Vault vault, String name, Optional<String> version, KeyOperation operation) {
        KeyRules.name(name);
        KeyVersion found = rows.transactions.read(tx -> rows.version(tx, vault, name, version));
        permit.on(rows.id(vault, found));
        KeyUse.problem(found, operation, rows.now()).ifPresent(p -> {
            throw KeyRefusals.forbidden("Operation " + operation.wire() + " " + p.message() + ".", p.code());
        });
        return found;
    }

    private static RuntimeException mismatch(KeyVersion version, KeyOperation operation, String algorithm) {
        return KeyRefusals.badParameter(
                "alg",
                "Key and algorithm mismatch: " + operation.wire() + " with " + algorithm
                        + " is not possible with a key of kind "
                        + version.spec().text() + ".");
    }
}
