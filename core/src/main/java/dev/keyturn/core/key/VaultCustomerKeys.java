package dev.keyturn.core.key;

import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of this server's own vaults and HSMs, used in the process under the same rules as over HTTP. */
final class VaultCustomerKeys implements CustomerKeys {
    private static final CipherAlgorithm ALGORITHM = CipherAlgorithm.RSA_OAEP_256;
    private static final Map<KeyPermission, String> ASKED = new EnumMap<>(
            Map.of(KeyPermission.GET, "get", KeyPermission.WRAP, "wrapKey", KeyPermission.UNWRAP, "unwrapKey"));

    private final KeyRows rows;

    VaultCustomerKeys(KeyRows rows) {
        this.rows = rows;
    }

    private record Found(Vault vault, KeyVersion version) {}

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId key) {
        Optional<Found> found = rows.transactions.read(tx -> vault(tx, key)
                .flatMap(vault -> rows.findLive(tx, vault.id(), key.name())
                        .flatMap(k -> rows.keys.version(tx, k.vault(), k.name(), key.version()))
                        .map(version -> new Found(vault, version))));
        return found.map(f -> facts(as, f.vault(), f.version()));
    }

    private KeyFacts facts(PrincipalId as, Vault vault, KeyVersion version) {
        Set<String> permitted = new LinkedHashSet<>();
        ASKED.forEach((permission, name) -> {
            if (rows.access.may(as, vault, permission, Optional.of(version.name()))) {
                permitted.add(name);
            }
        });
        return new KeyFacts(
                version.spec().type(),
                version.spec() instanceof KeySpec.Ec ? 0 : version.spec().bits(),
                version.attributes().enabled(),
                version.attributes().notBefore(),
                version.attributes().expires(),
                version.operations().stream().map(KeyOperation::wire).collect(Collectors.toSet()),
                version.attributes().exportable(),
                version.releasePolicy().isPresent(),
                guard(vault),
                vault.premium(),
                vault.purgeProtection(),
                vault.resource().location(),
                permitted);
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext) {
        KeyVersion version = usable(as, key, KeyPermission.WRAP, KeyOperation.WRAP_KEY);
        return plaintext.reveal(bytes -> {
            try {
                return rows.backends
                        .of(version)
                        .encrypt(version.backendKey(), ALGORITHM, bytes, Optional.empty(), Optional.empty())
                        .bytes();
            } catch (CryptoRefusedException e) {
                throw new IllegalStateException("a key of " + version.spec().text() + " cannot wrap a set key", e);
            }
        });
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped) {
        KeyVersion version = usable(as, key, KeyPermission.UNWRAP, KeyOperation.UNWRAP_KEY);
        try {
            return rows.backends
                    .of(version)
                    .decrypt(version.backendKey(), ALGORITHM, CipherText.of(wrapped), Optional.empty());
        } catch (CryptoRefusedException e) {
            throw new DomainError.Invalid(refusal(key, "KeyVaultUnwrapFailed", "did not wrap this value"))
                    .asException();
        }
    }

    private Optional<Vault> vault(Tx tx, KeyId key) {
        return rows.hosts
                .resolve(key.authority())
                .flatMap(address -> rows.vaults.byName(tx, address.kind(), address.name()))
                .filter(v -> v.deleted().isEmpty());
    }

    private KeyVersion usable(PrincipalId as, KeyId id, KeyPermission permission, KeyOperation operation) {
        Found found = rows.transactions.read(tx -> find(tx, id));
        if (!rows.access.may(as, found.vault(), permission, Optional.of(id.name()))) {
            throw new DomainError.Forbidden(refusal(
                            id,
                            "KeyVaultAccessForbidden",
                            "is not open to identity " + as + " for " + operation.wire() + ": "
                                    + guard(found.vault()).remedyForSet()))
                    .asException();
        }
        KeyUse.problem(found.version(), operation, rows.now()).ifPresent(p -> {
            String code = p.code().equals("KeyDisabled") ? "KeyVaultKeyNotEnabled" : p.code();
            throw new DomainError.Forbidden(
                            refusal(id, code, "refuses: operation " + operation.wire() + " " + p.message()))
                    .asException();
        });
        if (!ALGORITHM.fits(found.version().spec())) {
            throw new DomainError.Invalid(refusal(
                            id,
                            "KeyTypeNotSupported",
                            "is of kind " + found.version().spec().text() + ", which cannot do " + ALGORITHM.wire()))
                    .asException();
        }
        return found.version();
    }

    private Found find(Tx tx, KeyId id) {
        Vault vault = vault(tx, id)
                .orElseThrow(() -> missing(
                        id,
                        "KeyVaultNotFound",
                        "is in a vault that this server does not have, or that is deleted ('" + id.authority() + "')"));
        Key key = rows.keys
                .find(tx, vault.id(), id.name())
                .orElseThrow(() -> missing(id, "KeyVaultKeyNotFound", "does not exist"));
        if (key.deleted().isPresent()) {
            throw missing(id, "KeyVaultKeyNotFound", "is deleted; it can be recovered");
        }
        KeyVersion version = rows.keys
                .version(tx, vault.id(), key.name(), id.version())
                .orElseThrow(() -> missing(id, "KeyVaultKeyNotFound", "has no such version"));
        return new Found(vault, version);
    }

    private static DomainException missing(KeyId id, String code, String what) {
        return new DomainError.NotFound(refusal(id, code, what)).asException();
    }

    private static ErrorInfo refusal(KeyId id, String code, String what) {
        return ErrorInfo.at(id.url(), code, "Key '" + id.url() + "' " + what + ".");
    }

    private static KeyGuard guard(Vault vault) {
        KeyGuard.Kind kind = switch (vault.kind()) {
            case MANAGED_HSM -> KeyGuard.Kind.LOCAL_ROLES;
            case VAULT -> vault.rbac() ? KeyGuard.Kind.ROLES : KeyGuard.Kind.ACCESS_POLICIES;
        };
        return new KeyGuard(kind, vault.name());
    }
}
