package dev.keyturn.core.vault;

import java.util.regex.Pattern;

/** What a vault or managed HSM may be like, before one is made or changed. */
final class VaultRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]");

    private VaultRules() {}

    static boolean validName(String name) {
        return NAME.matcher(name).matches() && !name.contains("--");
    }

    static void name(VaultKind kind, String name) {
        if (!validName(name)) {
            throw VaultRefusals.badName(kind, name);
        }
    }

    static void create(VaultKind kind, VaultSpec spec) {
        spec.softDeleteDays().ifPresent(VaultRules::retention);
        if (kind == VaultKind.VAULT) {
            requireNotOff(spec);
        }
        if (kind == VaultKind.MANAGED_HSM && spec.administrators().isEmpty()) {
            throw VaultRefusals.badRequest(
                    "properties.initialAdminObjectIds",
                    "A managed HSM needs at least one object id in properties.initialAdminObjectIds: without an"
                            + " administrator nobody could ever use it.");
        }
    }

    static void change(Vault old, VaultSpec spec) {
        if (!old.tenant().equals(spec.tenant())) {
            throw VaultRefusals.badRequest("properties.tenantId", "The tenant of a vault cannot be changed.");
        }
        if (old.kind() == VaultKind.VAULT || old.purgeProtection()) {
            requireNotOff(spec);
        }
        if (spec.softDeleteDays().filter(d -> d != old.softDeleteDays()).isPresent()) {
            throw VaultRefusals.badRequest(
                    "properties.softDeleteRetentionInDays",
                    "The property \"softDeleteRetentionInDays\" has been set already (" + old.softDeleteDays()
                            + ") and it can't be modified.");
        }
        if (old.kind() == VaultKind.MANAGED_HSM && !old.sku().equalsIgnoreCase(spec.sku())) {
            throw VaultRefusals.badRequest("sku.name", "The SKU of a managed HSM cannot be changed.");
        }
    }

    /** A recovery changes nothing about who may use the keys; a client that asks for that is told, not ignored. */
    static void recover(Vault deleted, VaultSpec spec) {
        if (deleted.kind() == VaultKind.VAULT
                && spec.rbac().filter(r -> r != deleted.rbac()).isPresent()) {
            throw VaultRefusals.badRequest(
                    "properties.enableRbacAuthorization",
                    "The deleted vault '" + deleted.name() + "' has enableRbacAuthorization " + deleted.rbac()
                            + ", and a recovery brings it back as it was. Leave 'properties.enableRbacAuthorization'"
                            + " out, and change it afterwards.");
        }
    }

    /** Azure's rule for vaults: it may be absent or true. A managed HSM that has none yet may say false. */
    private static void requireNotOff(VaultSpec spec) {
        if (!spec.purgeProtection().orElse(true)) {
            throw VaultRefusals.badRequest(
                    "properties.enablePurgeProtection",
                    "The property \"enablePurgeProtection\" cannot be set to false: leave it out, or set it to true."
                            + " Enabling the purge protection for a vault is an irreversible action.");
        }
    }

    private static void retention(int days) {
        if (days < 7 || days > 90) {
            throw VaultRefusals.badRequest(
                    "properties.softDeleteRetentionInDays",
                    "The property \"softDeleteRetentionInDays\" must be between 7 and 90, not " + days + ".");
        }
    }
}
