package dev.keyturn.core.key;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts.Address;
import dev.keyturn.core.vault.VaultKind;
import java.util.Optional;

/** Key versions by their ids, and the question whether an identity may use one. */
record NamedVersions(KeyRows rows) {
    /** A version of a live key, and the vault that it is in. */
    record Found(Vault vault, KeyVersion version) {}

    Optional<Found> find(Tx tx, KeyId id) {
        return vault(tx, id)
                .flatMap(vault -> rows.findLive(tx, vault.id(), id.name())
                        .flatMap(k -> rows.keys.version(tx, k.vault(), k.name(), id.version()))
                        .map(version -> new Found(vault, version)));
    }

    /** @throws DomainException {@code NotFound}, saying what there is not */
    Found require(Tx tx, KeyId id) {
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

    private Optional<Vault> vault(Tx tx, KeyId key) {
        return rows.hosts
                .resolve(key.authority())
                .flatMap(address -> rows.vaults.byName(tx, address.kind(), address.name()))
                .filter(v -> v.deleted().isEmpty());
    }

    /**
     * May an identity use that version? Of one that is not there it is not refused: the use fails, and says why. Where
     * there is not even the vault, the record has nothing but the key.
     */
    Ask ask(Tx tx, KeyId id, KeyPermission permission, KeyOperation operation) {
        VaultKind kind = rows.hosts.resolve(id.authority()).map(Address::kind).orElse(VaultKind.VAULT);
        Scope at = vault(tx, id)
                .map(v -> KeyAccess.scope(v, Optional.of(id.name())))
                .orElse(Scope.of(ArmId.TENANT));
        return new AsIdentity(this, id, permission, operation, permission.asked(kind), at, Optional.of(id.reference()));
    }

    /** By roles or policies of the vault as it is when asked; refused in the words of who reads a set's state. */
    private record AsIdentity(
            NamedVersions versions,
            KeyId id,
            KeyPermission permission,
            KeyOperation operation,
            Action action,
            Scope at,
            Optional<String> target)
            implements Ask {
        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            return versions.find(tx, id).flatMap(found -> {
                boolean may = versions.rows()
                        .access
                        .may(tx, call.caller().principal(), found.vault(), permission, Optional.of(id.name()));
                return may
                        ? Optional.empty()
                        : Optional.of(new DomainError.Forbidden(problem(
                                id,
                                "KeyVaultAccessForbidden",
                                "is not open to identity " + call.caller().principal() + " for " + operation.wire()
                                        + ": " + guard(found.vault()).remedyForSet())));
            });
        }
    }

    private static DomainException missing(KeyId id, String code, String what) {
        return new DomainError.NotFound(problem(id, code, what)).asException();
    }

    static ErrorInfo problem(KeyId id, String code, String what) {
        return ErrorInfo.at(id.url(), code, "Key '" + id.url() + "' " + what + ".");
    }

    static KeyGuard guard(Vault vault) {
        KeyGuard.Kind kind = switch (vault.kind()) {
            case MANAGED_HSM -> KeyGuard.Kind.LOCAL_ROLES;
            case VAULT -> vault.rbac() ? KeyGuard.Kind.ROLES : KeyGuard.Kind.ACCESS_POLICIES;
        };
        return new KeyGuard(kind, vault.name());
    }
}
