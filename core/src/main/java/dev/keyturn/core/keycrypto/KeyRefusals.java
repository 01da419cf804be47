package dev.keyturn.core.keycrypto;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import java.util.List;

/**
 * Key Vault's refusals about keys, with its codes. Where Key Vault has an inner code it is the code of the one nested
 * entry.
 */
public final class KeyRefusals {
    /** The query parameter by which a client insists on deleting a key that artifacts are under. */
    public static final String OVERRIDE = "keyturnOverride";

    private KeyRefusals() {}

    public static DomainException badParameter(String message) {
        return new DomainError.Invalid(ErrorInfo.of("BadParameter", message)).asException();
    }

    public static DomainException badParameter(String target, String message) {
        return new DomainError.Invalid(ErrorInfo.at(target, "BadParameter", message)).asException();
    }

    public static DomainException notFound(String nameAndVersion) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "KeyNotFound",
                        "A key with (name/id) " + nameAndVersion + " was not found in this key vault. If you recently"
                                + " deleted this key you may be able to recover it."))
                .asException();
    }

    public static DomainException deletedNotFound(String name) {
        return new DomainError.NotFound(
                        ErrorInfo.of("KeyNotFound", "Deleted Key not found: " + name + " is not a deleted key."))
                .asException();
    }

    public static DomainException vaultNotFound(String what) {
        return new DomainError.NotFound(
                        ErrorInfo.of("VaultNotFound", "There is no vault or managed HSM at '" + what + "'."))
                .asException();
    }

    public static DomainException nameDeleted(String name) {
        return conflict(
                "Key " + name + " is currently in a deleted but recoverable state, and its name cannot be reused; in"
                        + " this state, the key can only be recovered or purged.",
                "ObjectIsDeletedButRecoverable");
    }

    public static DomainException inUse(KeyId key, String verb) {
        return conflict(
                "Cannot " + verb + ": artifacts of confidential VMs are still encrypted under the key version "
                        + key.url() + " and could never be opened again without it. Rotate their disk encryption set"
                        + " to another key first, or repeat the request with the query parameter " + OVERRIDE
                        + "=true to accept that loss.",
                "KeyInUse");
    }

    public static DomainException purgeProtected(String what) {
        return forbidden(
                "Operation \"purge\" is not allowed because purge protection is enabled for this vault. " + what
                        + " is purged by itself when its retention has ended.",
                "PurgeProtectionEnabled");
    }

    public static DomainException forbidden(String message, String inner) {
        return new DomainError.Forbidden(ErrorInfo.of("Forbidden", message).with(List.of(ErrorInfo.of(inner, message))))
                .asException();
    }

    public static DomainException conflict(String message, String inner) {
        return new DomainError.Conflict(ErrorInfo.of("Conflict", message).with(List.of(ErrorInfo.of(inner, message))))
                .asException();
    }
}
