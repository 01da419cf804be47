package dev.keyturn.core.identity;

import dev.keyturn.core.identity.Role.Kind;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The built-in local roles of a managed HSM, with Azure's ids and permitted operations. */
public final class HsmRoles {
    private static final String HSM = "Microsoft.KeyVault/managedHsm/";
    private static final String KEYS = HSM + "keys/";
    private static final List<String> ROLE_READ = hsm("roleAssignments/read/action", "roleDefinitions/read/action");
    private static final List<String> ROLE_WRITE = hsm(
            "roleAssignments/write/action",
            "roleAssignments/delete/action",
            "roleDefinitions/write/action",
            "roleDefinitions/delete/action");

    public static final Role ADMINISTRATOR = role(
            "a290e904-7015-4bba-90c8-60543313cdb4",
            "Managed HSM Administrator",
            "All operations of the security domain, full backup and restore, and role management. No key management.",
            ROLE_READ,
            ROLE_WRITE,
            hsm(
                    "securitydomain/download/action",
                    "securitydomain/upload/action",
                    "securitydomain/upload/read",
                    "securitydomain/transferkey/read",
                    "backup/start/action",
                    "backup/status/action",
                    "restore/start/action",
                    "restore/status/action"));
    public static final Role CRYPTO_OFFICER = role(
            "515eb02d-2335-4d2d-92f2-b1cbdf9c3778",
            "Managed HSM Crypto Officer",
            "All role management, purge or recover deleted keys. No other key management.",
            ROLE_READ,
            ROLE_WRITE,
            keys("deletedKeys/read/action", "deletedKeys/recover/action", "deletedKeys/delete"));
    public static final Role CRYPTO_USER = role(
            "21dbd100-6940-42c2-9190-5d6cb909625b",
            "Managed HSM Crypto User",
            "All key management except purging or recovering deleted keys.",
            ROLE_READ,
            hsm("rng/action"),
            keys(
                    "read/action",
                    "write/action",
                    "rotate/action",
                    "create",
                    "delete",
                    "backup/action",
                    "restore/action",
                    "release/action",
                    "import/action",
                    "encrypt/action",
                    "decrypt/action",
                    "wrap/action",
                    "unwrap/action",
                    "sign/action",
                    "verify/action"));
    public static final Role POLICY_ADMINISTRATOR = role(
            "4bd23610-cdcf-4971-bdee-bdc562cc28e4",
            "Managed HSM Policy Administrator",
            "Create and delete role assignments.",
            ROLE_READ,
            ROLE_WRITE,
            List.of());
    public static final Role CRYPTO_AUDITOR = role(
            "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3",
            "Managed HSM Crypto Auditor",
            "Read (but not use) key attributes.",
            ROLE_READ,
            keys("read/action", "deletedKeys/read/action"),
            List.of());
    public static final Role CRYPTO_SERVICE_ENCRYPTION_USER = role(
            "33413926-3206-4cdd-b39a-83574fe37a17",
            "Managed HSM Crypto Service Encryption User",
            "Use a key for service encryption.",
            keys("read/action", "wrap/action", "unwrap/action"),
            List.of(),
            List.of());
    public static final Role CRYPTO_SERVICE_RELEASE_USER = role(
            "21dbd100-6940-42c2-9190-5d6cb909625c",
            "Managed HSM Crypto Service Release User",
            "Release a key to a trusted execution environment.",
            keys("release/action"),
            List.of(),
            List.of());
    public static final Role BACKUP = role(
            "7b127d3c-77bd-4e3e-bbe0-dbb8971fa7f8",
            "Managed HSM Backup",
            "Single-key or whole-HSM backup.",
            hsm("backup/start/action", "backup/status/action"),
            keys("backup/action"),
            List.of());
    public static final Role RESTORE = role(
            "6efe6056-5259-49d2-8b3d-d3d73544b20b",
            "Managed HSM Restore",
            "Single-key or whole-HSM restore.",
            hsm("restore/start/action", "restore/status/action"),
            keys("restore/action"),
            List.of());

    static final List<Role> ALL = List.of(
            ADMINISTRATOR,
            CRYPTO_OFFICER,
            CRYPTO_USER,
            POLICY_ADMINISTRATOR,
            CRYPTO_AUDITOR,
            CRYPTO_SERVICE_ENCRYPTION_USER,
            CRYPTO_SERVICE_RELEASE_USER,
            BACKUP,
            RESTORE);

    private HsmRoles() {}

    private static Role role(
            String id, String name, String description, List<String> one, List<String> two, List<String> three) {
        List<String> data =
                Stream.of(one, two, three).flatMap(List::stream).distinct().toList();
        return new Role(UUID.fromString(id), name, description, Kind.MANAGED_HSM, List.of(), List.of(), data);
    }

    private static List<String> hsm(String... actions) {
        return Stream.of(actions).map(a -> HSM + a).toList();
    }

    private static List<String> keys(String... actions) {
        return Stream.of(actions).map(a -> KEYS + a).toList();
    }
}
