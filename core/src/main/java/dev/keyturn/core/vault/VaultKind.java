package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Action;

/** A vault, or a managed HSM (R8: a rotation treats both alike). */
public enum VaultKind {
    VAULT("Microsoft.KeyVault/vaults", "vault"),
    MANAGED_HSM("Microsoft.KeyVault/managedHSMs", "managedhsm");

    private final String type;
    private final String label;

    VaultKind(String type, String label) {
        this.type = type;
        this.label = label;
    }

    /** The ARM resource type. */
    public String type() {
        return type;
    }

    /** The label that follows the name in its host name: {@code <name>.vault.<domain>}. */
    public String label() {
        return label;
    }

    /** What a message calls one: {@code managed HSM}. */
    public String noun() {
        return this == VAULT ? "vault" : "managed HSM";
    }

    public Action write() {
        return this == VAULT ? Action.VAULT_WRITE : Action.HSM_WRITE;
    }

    public Action nameCheck() {
        return this == VAULT ? Action.VAULT_NAME_CHECK : Action.HSM_NAME_CHECK;
    }

    public Action read() {
        return this == VAULT ? Action.VAULT_READ : Action.HSM_READ;
    }

    public Action delete() {
        return this == VAULT ? Action.VAULT_DELETE : Action.HSM_DELETE;
    }

    public Action listDeleted() {
        return this == VAULT ? Action.VAULT_DELETED_LIST : Action.HSM_DELETED_LIST;
    }

    Action readDeleted() {
        return this == VAULT ? Action.VAULT_DELETED_READ : Action.HSM_DELETED_READ;
    }

    public Action purge() {
        return this == VAULT ? Action.VAULT_DELETED_PURGE : Action.HSM_DELETED_PURGE;
    }
}
