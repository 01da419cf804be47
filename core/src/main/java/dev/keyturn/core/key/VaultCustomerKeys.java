package dev.keyturn.core.key;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.Correlation;
import dev.keyturn.core.model.DomainError;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of this server's own vaults and HSMs, used in the process under the same rules as over HTTP, and recorded as
 * those uses are. Facts are not.
 */
final class VaultCustomerKeys implements CustomerKeys {
    private static final CipherAlgorithm ALGORITHM = CipherAlgorithm.RSA_OAEP_256;
    private static final Map<KeyPermission, String> ASKED = new EnumMap<>(
            Map.of(KeyPermission.GET, "get", KeyPermission.WRAP, "wrapKey", KeyPermission.UNWRAP, "unwrapKey"));

    private final KeyRows rows;
    private final NamedVersions versions;
    private final PrincipalStore principals;

    VaultCustomerKeys(KeyRows rows, PrincipalStore principals) {
        this.rows = rows;
        this.versions = new NamedVersions(rows);
        this.principals = principals;
    }

    @Override
    public Optional<KeyFacts> facts(PrincipalId as, KeyId key) {
        return rows.transactions.read(tx -> versions.find(tx, key).map(f -> facts(tx, as, f.vault(), f.version())));
    }

    private KeyFacts facts(Tx tx, PrincipalId as, Vault vault, KeyVersion version) {
        Set<String> permitted = new LinkedHashSet<>();
        ASKED.forEach((permission, name) -> {
            if (rows.access.may(tx, as, vault, permission, Optional.of(version.name()))) {
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
                NamedVersions.guard(vault),
                vault.premium(),
                vault.purgeProtection(),
                vault.resource().location(),
                permitted);
    }

    @Override
    public byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext) {
        return use(
                as,
                key,
                KeyPermission.WRAP,
                KeyOperation.WRAP_KEY,
                version -> plaintext.reveal(bytes -> {
                    try {
                        return rows.backends
                                .of(version)
                                .encrypt(version.backendKey(), ALGORITHM, bytes, Optional.empty(), Optional.empty())
                                .bytes();
                    } catch (CryptoRefusedException e) {
                        throw new IllegalStateException(
                                "a key of " + version.spec().text() + " cannot wrap a set key", e);
                    }
                }));
    }

    @Override
    public SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped) {
        return Recorded.secret(keep -> use(as, key, KeyPermission.UNWRAP, KeyOperation.UNWRAP_KEY, version -> {
            try {
                return keep.apply(rows.backends
                        .of(version)
                        .decrypt(version.backendKey(), ALGORITHM, CipherText.of(wrapped), Optional.empty()));
            } catch (CryptoRefusedException e) {
                throw new DomainError.Invalid(
                                NamedVersions.problem(key, "KeyVaultUnwrapFailed", "did not wrap this value"))
                        .asException();
            }
        }));
    }

    /** Asks as the identity, uses, and records. */
    private <T> T use(
            PrincipalId as, KeyId key, KeyPermission permission, KeyOperation operation, Function<KeyVersion, T> work) {
        Caller identity = rows.transactions.read(tx -> new Caller(
                as, principals.find(tx, as).map(Principal::displayName).orElseGet(as::toString)));
        Ask ask = rows.transactions.read(tx -> versions.ask(tx, key, permission, operation));
        return rows.doors.act(
                Call.asIdentity(identity, Correlation.current()),
                ask,
                permit -> work.apply(usable(permit, key, operation)));
    }

    /** Asked again where it is found: a key that was recovered since would not have been asked about. */
    private KeyVersion usable(Permit permit, KeyId id, KeyOperation operation) {
        KeyVersion found = permit.read(tx -> versions.require(tx, id)).version();
        KeyUse.problem(found, operation, rows.now()).ifPresent(p -> {
            String code = p.code().equals("KeyDisabled") ? "KeyVaultKeyNotEnabled" : p.code();
            throw new DomainError.Forbidden(NamedVersions.problem(
                            id, code, "refuses: operation " + operation.wire() + " " + p.message()))
                    .asException();
        });
        if (!ALGORITHM.fits(found.spec())) {
            throw new DomainError.Invalid(NamedVersions.problem(
                            id,
                            "KeyTypeNotSupported",
                            "is of kind " + found.spec().text() + ", which cannot do " + ALGORITHM.wire()))
                    .asException();
        }
        return found;
    }
}
