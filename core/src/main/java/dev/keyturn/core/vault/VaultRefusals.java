package dev.keyturn.core.vault;

import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;

/** Azure Resource Manager's refusals about vaults and managed HSMs. */
final class VaultRefusals {
    private VaultRefusals() {}

    static DomainException badRequest(String field, String message) {
        return new DomainError.Invalid(ErrorInfo.at(field, "BadRequest", message)).asException();
    }

    static DomainException badName(VaultKind kind, String name) {
        return new DomainError.Invalid(ErrorInfo.at(
                        "name",
                        kind == VaultKind.VAULT ? "VaultNameNotValid" : "ManagedHsmNameNotValid",
                        "The " + kind.noun() + " name '" + name + "' is invalid. It must have 3 to 24 letters, digits"
                                + " and hyphens, begin with a letter, end with a letter or digit, and not contain"
                                + " consecutive hyphens."))
                .asException();
    }

    static DomainException taken(VaultKind kind, String name) {
        return conflict(
                name,
                kind == VaultKind.VAULT ? "VaultAlreadyExists" : "ManagedHsmAlreadyExists",
                "The " + kind.noun() + " name '" + name
                        + "' is already in use. Names are unique over the whole server.");
    }

    static DomainException deletedTaken(VaultKind kind, String name) {
        return conflict(
                name,
                "ConflictError",
                "A " + kind.noun() + " with the name '" + name + "' exists in deleted state. Recover it (createMode"
                        + " 'recover') or purge it before making a new one.");
    }

    static DomainException notDeleted(VaultKind kind, String name) {
        return new DomainError.NotFound(ErrorInfo.at(
                        name,
                        kind == VaultKind.VAULT ? "DeletedVaultNotFound" : "DeletedManagedHsmNotFound",
                        "There is no deleted " + kind.noun() + " of the name '" + name + "'."))
                .asException();
    }

    static DomainException inUse(ArmId vault, KeyId key, String verb) {
        return conflict(
                vault.toString(),
                "VaultInUse",
                "Cannot " + verb + " '" + vault.name() + "': artifacts of confidential VMs are still encrypted under"
                        + " its key version " + key.url() + ". Rotate their disk encryption set to another key first,"
                        + " or repeat the request with the query parameter " + KeyRefusals.OVERRIDE
                        + "=true to accept that they cannot be opened.");
    }

    static DomainException conflict(String target, String code, String message) {
        return new DomainError.Conflict(ErrorInfo.at(target, code, message)).asException();
    }
}
