package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Action;

/**
 * What a caller may be allowed to do with keys, in the three vocabularies of Azure: a vault's access policies, the data
 * actions of vault roles and those of a managed HSM's local roles. Reading and listing keys is one data action, and two
 * access-policy permissions.
 */
public enum KeyPermission {
    GET("get", "keys/read", "keys/read/action"),
    LIST("list", "keys/read", "keys/read/action"),
    CREATE("create", "keys/create/action", "keys/create"),
    IMPORT("import", "keys/import/action", "keys/import/action"),
    UPDATE("update", "keys/update/action", "keys/write/action"),
    DELETE("delete", "keys/delete", "keys/delete"),
    GET_DELETED("get", "keys/read", "keys/deletedKeys/read/action"),
    LIST_DELETED("list", "keys/read", "keys/deletedKeys/read/action"),
    RECOVER("recover", "keys/recover/action", "keys/deletedKeys/recover/action"),
    PURGE("purge", "keys/purge/action", "keys/deletedKeys/delete"),
    BACKUP("backup", "keys/backup/action", "keys/backup/action"),
    RESTORE("restore", "keys/restore/action", "keys/restore/action"),
    ENCRYPT("encrypt", "keys/encrypt/action", "keys/encrypt/action"),
    DECRYPT("decrypt", "keys/decrypt/action", "keys/decrypt/action"),
    WRAP("wrapKey", "keys/wrap/action", "keys/wrap/action"),
    UNWRAP("unwrapKey", "keys/unwrap/action", "keys/unwrap/action"),
    SIGN("sign", "keys/sign/action", "keys/sign/action"),
    VERIFY("verify", "keys/verify/action", "keys/verify/action"),
    RELEASE("release", "keys/release/action", "keys/release/action"),
    ROTATE("rotate", "keys/rotate/action", "keys/rotate/action"),
    GET_ROTATION_POLICY("getrotationpolicy", "keyrotationpolicies/read", "keys/read/action"),
    SET_ROTATION_POLICY("setrotationpolicy", "keyrotationpolicies/write", "keys/write/action"),
    /** Only a managed HSM gives random bytes. */
    RANDOM("", "", "rng/action");

    private final String policyName;
    private final String vaultAction;
    private final String hsmAction;

    KeyPermission(String policyName, String vaultAction, String hsmAction) {
        this.policyName = policyName;
        this.vaultAction = vaultAction;
        this.hsmAction = hsmAction;
    }

    /** The word in an access policy. */
    public String policyName() {
        return policyName;
    }

    /**
     * The data action.
     *
     * @throws IllegalArgumentException for {@link #RANDOM} in a vault
     */
    public Action asked(VaultKind kind) {
        return Action.of(action(kind));
    }

    /** The name of the data action, in full. */
    public String action(VaultKind kind) {
        return switch (kind) {
            case VAULT -> "Microsoft.KeyVault/vaults/" + vaultAction;
            case MANAGED_HSM -> "Microsoft.KeyVault/managedHsm/" + hsmAction;
        };
    }
}
