package dev.keyturn.core.identity;

import dev.keyturn.core.identity.Role.Kind;
import dev.keyturn.core.model.Guid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The built-in roles that mean something here, with Azure's ids and Azure's permissions (Azure built-in roles; Managed
 * HSM local RBAC built-in roles). There are no custom roles.
 */
public final class Roles {
    private static final String KEYS = "Microsoft.KeyVault/vaults/keys/";
    private static final List<String> USUAL_READS = List.of(
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*");
    private static final List<String> VAULT_READS = List.of(
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read");

    public static final Role OWNER = azure(
            "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "Owner",
            "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
            List.of("*"),
            List.of(),
            List.of());
    public static final Role CONTRIBUTOR = azure(
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "Contributor",
            "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.",
            List.of("*"),
            List.of(
                    "Microsoft.Authorization/*/Delete",
                    "Microsoft.Authorization/*/Write",
                    "Microsoft.Authorization/elevateAccess/Action",
                    "Microsoft.Blueprint/blueprintAssignments/write",
                    "Microsoft.Blueprint/blueprintAssignments/delete",
                    "Microsoft.Compute/galleries/share/action",
                    "Microsoft.Purview/consents/write",
                    "Microsoft.Purview/consents/delete"),
            List.of());
    public static final Role READER = azure(
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "Reader",
            "View all resources, but does not allow you to make any changes.",
            List.of("*/read"),
            List.of(),
            List.of());
    public static final Role USER_ACCESS_ADMINISTRATOR = azure(
            "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
            "User Access Administrator",
            "Lets you manage user access to Azure resources.",
            List.of("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
            List.of(),
            List.of());
    public static final Role RBAC_ADMINISTRATOR = azure(
            "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
            "Role Based Access Control Administrator",
            "Manage access to Azure resources by assigning roles using Azure RBAC.",
            List.of(
                    "Microsoft.Authorization/roleAssignments/write",
                    "Microsoft.Authorization/roleAssignments/delete",
                    "*/read",
                    "Microsoft.Support/*"),
            List.of(),
            List.of());
    public static final Role KEY_VAULT_ADMINISTRATOR = azure(
            "00482a5a-887f-4fb3-b363-3b7fe8e74483",
            "Key Vault Administrator",
            "Perform all data plane operations on a key vault and all objects in it. Cannot manage key vault resources"
                    + " or manage role assignments.",
            join(USUAL_READS, VAULT_READS),
            List.of(),
            List.of("Microsoft.KeyVault/vaults/*"));
    public static final Role KEY_VAULT_CRYPTO_OFFICER = azure(
            "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
            "Key Vault Crypto Officer",
            "Perform any action on the keys of a key vault, except manage permissions.",
            join(USUAL_READS, VAULT_READS),
            List.of(),
            List.of(KEYS + "*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*"));
    public static final Role KEY_VAULT_CRYPTO_USER = azure(
            "12338af0-0e69-4776-bea7-57ae8d297424",
            "Key Vault Crypto User",
            "Perform cryptographic operations using keys.",
            List.of(),
            List.of(),
            List.of(
                    KEYS + "read",
                    KEYS + "update/action",
                    KEYS + "backup/action",
                    KEYS + "encrypt/action",
                    KEYS + "decrypt/action",
                    KEYS + "wrap/action",
                    KEYS + "unwrap/action",
                    KEYS + "sign/action",
                    KEYS + "verify/action"));
    public static final Role KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = azure(
            "e147488a-f6f5-4113-8e2d-b22465e65bf6",
            "Key Vault Crypto Service Encryption User",
            "Read metadata of keys and perform wrap/unwrap operations.",
            List.of(
                    "Microsoft.EventGrid/eventSubscriptions/write",
                    "Microsoft.EventGrid/eventSubscriptions/read",
                    "Microsoft.EventGrid/eventSubscriptions/delete"),
            List.of(),
            List.of(KEYS + "read", KEYS + "wrap/action", KEYS + "unwrap/action"));
    public static final Role KEY_VAULT_CRYPTO_SERVICE_RELEASE_USER = azure(
            "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
            "Key Vault Crypto Service Release User",
            "Release keys.",
            List.of(),
            List.of(),
            List.of(KEYS + "release/action"));
    public static final Role KEY_VAULT_READER = azure(
            "21090545-7ca7-4776-b22c-e363652d74d2",
            "Key Vault Reader",
            "Read metadata of key vaults and its certificates, keys, and secrets. Cannot read sensitive values such as"
                    + " secret contents or key material.",
            join(USUAL_READS, VAULT_READS),
            List.of(),
            List.of("Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"));
    public static final Role KEY_VAULT_CONTRIBUTOR = azure(
            "f25e0fa2-a7c8-4377-a976-54943a77a395",
            "Key Vault Contributor",
            "Lets you manage key vaults, but not access to them.",
            join(USUAL_READS, List.of("Microsoft.KeyVault/*")),
            List.of(
                    "Microsoft.KeyVault/locations/deletedVaults/purge/action",
                    "Microsoft.KeyVault/hsmPools/*",
                    "Microsoft.KeyVault/managedHsms/*"),
            List.of());
    public static final Role MANAGED_HSM_CONTRIBUTOR = azure(
            "18500a29-7fe2-46b2-a342-b16a415e101d",
            "Managed HSM contributor",
            "Lets you manage managed HSM pools, but not access to them.",
            List.of(
                    "Microsoft.KeyVault/managedHSMs/*",
                    "Microsoft.KeyVault/deletedManagedHsms/read",
                    "Microsoft.KeyVault/locations/deletedManagedHsms/read",
                    "Microsoft.KeyVault/locations/deletedManagedHsms/purge/action",
                    "Microsoft.KeyVault/locations/managedHsmOperationResults/read"),
            List.of(),
            List.of());
    public static final Role VIRTUAL_MACHINE_CONTRIBUTOR = azure(
            "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
            "Virtual Machine Contributor",
            "Lets you manage virtual machines, but not access to them, and not the virtual network or storage account"
                    + " they're connected to.",
            join(
                    USUAL_READS,
                    List.of(
                            "Microsoft.Compute/availabilitySets/*",
                            "Microsoft.Compute/locations/*",
                            "Microsoft.Compute/virtualMachines/*",
                            "Microsoft.Compute/virtualMachineScaleSets/*",
                            "Microsoft.Compute/cloudServices/*",
                            "Microsoft.Compute/disks/write",
                            "Microsoft.Compute/disks/read",
                            "Microsoft.Compute/disks/delete",
                            "Microsoft.Network/networkInterfaces/*",
                            "Microsoft.Network/networkSecurityGroups/join/action",
                            "Microsoft.Network/networkSecurityGroups/read",
                            "Microsoft.Network/publicIPAddresses/join/action",
                            "Microsoft.Network/publicIPAddresses/read",
                            "Microsoft.Network/virtualNetworks/read",
                            "Microsoft.Network/virtualNetworks/subnets/join/action",
                            "Microsoft.ResourceHealth/availabilityStatuses/read")),
            List.of(),
            List.of());
    public static final Role MANAGED_IDENTITY_OPERATOR = azure(
            "f1a07417-d97a-45cb-824c-7a7467783830",
            "Managed Identity Operator",
            "Read and Assign User Assigned Identity",
            join(
                    USUAL_READS,
                    List.of(
                            "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
                            // Azure's pattern reads as if a name stood between; what is asked for here has none
                            "Microsoft.ManagedIdentity/userAssignedIdentities/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action")),
            List.of(),
            List.of());
    public static final Role MANAGED_IDENTITY_CONTRIBUTOR = azure(
            "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
            "Managed Identity Contributor",
            "Create, Read, Update, and Delete User Assigned Identity",
            join(
                    USUAL_READS,
                    List.of(
                            "Microsoft.ManagedIdentity/userAssignedIdentities/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/write",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/delete")),
            List.of(),
            List.of());

    private static final List<Role> ALL = Stream.concat(
                    Stream.of(
                            OWNER,
                            CONTRIBUTOR,
                            READER,
                            USER_ACCESS_ADMINISTRATOR,
                            RBAC_ADMINISTRATOR,
                            KEY_VAULT_ADMINISTRATOR,
                            KEY_VAULT_CRYPTO_OFFICER,
                            KEY_VAULT_CRYPTO_USER,
                            KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
                            KEY_VAULT_CRYPTO_SERVICE_RELEASE_USER,
                            KEY_VAULT_READER,
                            KEY_VAULT_CONTRIBUTOR,
                            MANAGED_HSM_CONTRIBUTOR,
                            VIRTUAL_MACHINE_CONTRIBUTOR,
                            MANAGED_IDENTITY_OPERATOR,
                            MANAGED_IDENTITY_CONTRIBUTOR),
                    HsmRoles.ALL.stream())
            .toList();
    private static final Map<UUID, Role> BY_ID =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Role::id, Function.identity()));

    private Roles() {}

    public static List<Role> all(Kind kind) {
        return ALL.stream().filter(r -> r.kind() == kind).toList();
    }

    public static Optional<Role> find(UUID id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** The role whose id ends a role definition id ({@code .../roleDefinitions/<uuid>}); a bare uuid will do. */
    public static Optional<Role> parse(String roleDefinitionId) {
        String last = roleDefinitionId.substring(roleDefinitionId.lastIndexOf('/') + 1);
        return Guid.parse(last).flatMap(Roles::find);
    }

    private static Role azure(
            String id,
            String name,
            String description,
            List<String> actions,
            List<String> notActions,
            List<String> dataActions) {
        return new Role(UUID.fromString(id), name, description, Kind.AZURE, actions, notActions, dataActions);
    }

    private static List<String> join(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
