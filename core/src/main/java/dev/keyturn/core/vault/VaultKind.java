package dev.keyturn.core.vault;

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
}
