package dev.keyturn.core.identity;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that a caller can be allowed to do, with Azure's name for it where Azure has one. {@code Keyturn.*} are this
 * server's own. Control plane and data plane alike.
 */
public enum Action {
    // What is the same for a whole installation.
    ACTIVITY_LOG_READ("Microsoft.Insights/eventtypes/values/read", Sort.READ),
    AUDIT_READ("Keyturn.Server/audit/read", Sort.READ),
    /** Old records go, as the retention says. Nobody can ask for it. */
    AUDIT_CUT("Keyturn.Server/audit/delete", Sort.WRITE),
    ATTESTATION_PROVIDER_READ("Microsoft.Attestation/defaultProviders/read", Sort.READ),
    CLOCK_CONFIRM("Microsoft.Authorization/keyturnClock/write", Sort.WRITE),
    CLOCK_READ("Keyturn.Server/clock/read", Sort.READ),
    HOST_FILES_READ("Keyturn.Server/hosts/read", Sort.READ),
    SIMULATED_EVENT("Keyturn.SimulatedHost/events/action", Sort.WRITE),
    SIMULATED_FAULT_READ("Keyturn.SimulatedHost/faults/read", Sort.READ),
    SIMULATED_FAULT_WRITE("Keyturn.SimulatedHost/faults/write", Sort.WRITE),

    // Who may do what.
    PERSON_READ("Microsoft.Authorization/people/read", Sort.READ),
    PERSON_DELETE("Microsoft.Authorization/people/delete", Sort.WRITE),
    /** A new way to sign in. A write, so that no role that may not write {@code Microsoft.Authorization} has it. */
    PERSON_PASSWORD_WRITE("Microsoft.Authorization/people/password/write", Sort.WRITE),
    PERSON_WRITE("Microsoft.Authorization/people/write", Sort.WRITE),
    PERSON_GROUP_READ("Microsoft.Authorization/personGroups/read", Sort.READ),
    PERSON_GROUP_DELETE("Microsoft.Authorization/personGroups/delete", Sort.WRITE),
    /** To put somebody into a group, or to take them out of it. */
    PERSON_GROUP_MEMBERS_WRITE("Microsoft.Authorization/personGroups/members/write", Sort.WRITE),
    PERSON_GROUP_WRITE("Microsoft.Authorization/personGroups/write", Sort.WRITE),
    /** Everybody may, who shows to be the person. */
    SIGN_IN("Keyturn.Server/signIn/action", Sort.WRITE),
    /** Everybody may, of their own; to be content with the password alone again is one as well. */
    OWN_PASSKEY_DELETE("Keyturn.Server/ownPasskeys/delete", Sort.WRITE),
    /** Everybody may, of their own; to want one beside the password is one as well. */
    OWN_PASSKEY_WRITE("Keyturn.Server/ownPasskeys/write", Sort.WRITE),
    /** Everybody may, of their own sessions. */
    SIGN_OUT("Keyturn.Server/signOut/action", Sort.WRITE),
    PRINCIPAL_WRITE("Microsoft.Authorization/servicePrincipals/write", Sort.WRITE),
    ROLE_ASSIGNMENT_DELETE("Microsoft.Authorization/roleAssignments/delete", Sort.WRITE),
    ROLE_ASSIGNMENT_READ("Microsoft.Authorization/roleAssignments/read", Sort.READ),
    ROLE_ASSIGNMENT_WRITE("Microsoft.Authorization/roleAssignments/write", Sort.WRITE),

    // Groups and what is in them.
    GROUP_DELETE("Microsoft.Resources/subscriptions/resourceGroups/delete", Sort.WRITE),
    GROUP_READ("Microsoft.Resources/subscriptions/resourceGroups/read", Sort.READ),
    GROUP_RESOURCES_READ("Microsoft.Resources/subscriptions/resourceGroups/resources/read", Sort.READ),
    GROUP_WRITE("Microsoft.Resources/subscriptions/resourceGroups/write", Sort.WRITE),
    RESOURCES_READ("Microsoft.Resources/subscriptions/resources/read", Sort.READ),
    IDENTITY_ASSIGN("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", Sort.WRITE),
    IDENTITY_DELETE("Microsoft.ManagedIdentity/userAssignedIdentities/delete", Sort.WRITE),
    IDENTITY_READ("Microsoft.ManagedIdentity/userAssignedIdentities/read", Sort.READ),
    IDENTITY_WRITE("Microsoft.ManagedIdentity/userAssignedIdentities/write", Sort.WRITE),
    NETWORK_INTERFACE_DELETE("Microsoft.Network/networkInterfaces/delete", Sort.WRITE),
    NETWORK_INTERFACE_JOIN("Microsoft.Network/networkInterfaces/join/action", Sort.WRITE),
    NETWORK_INTERFACE_READ("Microsoft.Network/networkInterfaces/read", Sort.READ),
    NETWORK_INTERFACE_WRITE("Microsoft.Network/networkInterfaces/write", Sort.WRITE),
    NETWORK_SECURITY_GROUP_DELETE("Microsoft.Network/networkSecurityGroups/delete", Sort.WRITE),
    NETWORK_SECURITY_GROUP_READ("Microsoft.Network/networkSecurityGroups/read", Sort.READ),
    NETWORK_SECURITY_GROUP_WRITE("Microsoft.Network/networkSecurityGroups/write", Sort.WRITE),
    PUBLIC_ADDRESS_DELETE("Microsoft.Network/publicIPAddresses/delete", Sort.WRITE),
    PUBLIC_ADDRESS_READ("Microsoft.Network/publicIPAddresses/read", Sort.READ),
    PUBLIC_ADDRESS_WRITE("Microsoft.Network/publicIPAddresses/write", Sort.WRITE),
    VIRTUAL_NETWORK_DELETE("Microsoft.Network/virtualNetworks/delete", Sort.WRITE),
    VIRTUAL_NETWORK_READ("Microsoft.Network/virtualNetworks/read", Sort.READ),
    VIRTUAL_NETWORK_WRITE("Microsoft.Network/virtualNetworks/write", Sort.WRITE),

    // Machines, disks and the sets that encrypt them.
    DISK_SET_DELETE("Microsoft.Compute/diskEncryptionSets/delete", Sort.WRITE),
    DISK_SET_READ("Microsoft.Compute/diskEncryptionSets/read", Sort.READ),
    DISK_SET_VERIFY("Microsoft.Compute/diskEncryptionSets/verify/action", Sort.WRITE),
    DISK_SET_WRITE("Microsoft.Compute/diskEncryptionSets/write", Sort.WRITE),
    DISK_DELETE("Microsoft.Compute/disks/delete", Sort.WRITE),
    DISK_READ("Microsoft.Compute/disks/read", Sort.READ),
    DISK_WRITE("Microsoft.Compute/disks/write", Sort.WRITE),
    IMAGE_DELETE("Microsoft.Compute/images/delete", Sort.WRITE),
    IMAGE_READ("Microsoft.Compute/images/read", Sort.READ),
    IMAGE_WRITE("Microsoft.Compute/images/write", Sort.WRITE),
    VM_CONSOLE_READ("Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action", Sort.READ),
    VM_DEALLOCATE("Microsoft.Compute/virtualMachines/deallocate/action", Sort.WRITE),
    VM_DELETE("Microsoft.Compute/virtualMachines/delete", Sort.WRITE),
    VM_INSTANCE_VIEW_READ("Microsoft.Compute/virtualMachines/instanceView/read", Sort.READ),
    VM_POWER_OFF("Microsoft.Compute/virtualMachines/powerOff/action", Sort.WRITE),
    VM_READ("Microsoft.Compute/virtualMachines/read", Sort.READ),
    VM_RESTART("Microsoft.Compute/virtualMachines/restart/action", Sort.WRITE),
    VM_START("Microsoft.Compute/virtualMachines/start/action", Sort.WRITE),
    VM_WRITE("Microsoft.Compute/virtualMachines/write", Sort.WRITE),

    // Vaults and managed HSMs as resources.
    HSM_DELETE("Microsoft.KeyVault/managedHSMs/delete", Sort.WRITE),
    HSM_DELETED_LIST("Microsoft.KeyVault/deletedManagedHSMs/read", Sort.READ),
    HSM_DELETED_PURGE("Microsoft.KeyVault/locations/deletedManagedHSMs/purge/action", Sort.WRITE),
    HSM_DELETED_READ("Microsoft.KeyVault/locations/deletedManagedHSMs/read", Sort.READ),
    HSM_NAME_CHECK("Microsoft.KeyVault/checkMhsmNameAvailability/read", Sort.READ),
    HSM_READ("Microsoft.KeyVault/managedHSMs/read", Sort.READ),
    HSM_WRITE("Microsoft.KeyVault/managedHSMs/write", Sort.WRITE),
    VAULT_DELETE("Microsoft.KeyVault/vaults/delete", Sort.WRITE),
    VAULT_DELETED_LIST("Microsoft.KeyVault/deletedVaults/read", Sort.READ),
    VAULT_DELETED_PURGE("Microsoft.KeyVault/locations/deletedVaults/purge/action", Sort.WRITE),
    VAULT_DELETED_READ("Microsoft.KeyVault/locations/deletedVaults/read", Sort.READ),
    VAULT_NAME_CHECK("Microsoft.KeyVault/checkNameAvailability/read", Sort.READ),
    VAULT_POLICIES_WRITE("Microsoft.KeyVault/vaults/accessPolicies/write", Sort.WRITE),
    VAULT_READ("Microsoft.KeyVault/vaults/read", Sort.READ),
    VAULT_WRITE("Microsoft.KeyVault/vaults/write", Sort.WRITE),
    KEY_RESOURCE_READ("Microsoft.KeyVault/vaults/keys/versions/read", Sort.READ),
    KEY_RESOURCE_WRITE("Microsoft.KeyVault/vaults/keys/write", Sort.WRITE),

    // Keys of a vault.
    KEY_BACKUP("Microsoft.KeyVault/vaults/keys/backup/action", Sort.USE),
    KEY_CREATE("Microsoft.KeyVault/vaults/keys/create/action", Sort.WRITE),
    KEY_DECRYPT("Microsoft.KeyVault/vaults/keys/decrypt/action", Sort.USE),
    KEY_DELETE("Microsoft.KeyVault/vaults/keys/delete", Sort.WRITE),
    KEY_ENCRYPT("Microsoft.KeyVault/vaults/keys/encrypt/action", Sort.USE),
    KEY_IMPORT("Microsoft.KeyVault/vaults/keys/import/action", Sort.WRITE),
    KEY_POLICY_READ("Microsoft.KeyVault/vaults/keyrotationpolicies/read", Sort.READ),
    KEY_POLICY_WRITE("Microsoft.KeyVault/vaults/keyrotationpolicies/write", Sort.WRITE),
    KEY_PURGE("Microsoft.KeyVault/vaults/keys/purge/action", Sort.WRITE),
    KEY_READ("Microsoft.KeyVault/vaults/keys/read", Sort.READ),
    KEY_RECOVER("Microsoft.KeyVault/vaults/keys/recover/action", Sort.WRITE),
    KEY_RELEASE("Microsoft.KeyVault/vaults/keys/release/action", Sort.USE),
    KEY_RESTORE("Microsoft.KeyVault/vaults/keys/restore/action", Sort.WRITE),
    KEY_ROTATE("Microsoft.KeyVault/vaults/keys/rotate/action", Sort.WRITE),
    KEY_SIGN("Microsoft.KeyVault/vaults/keys/sign/action", Sort.USE),
    KEY_UNWRAP("Microsoft.KeyVault/vaults/keys/unwrap/action", Sort.USE),
    KEY_UPDATE("Microsoft.KeyVault/vaults/keys/update/action", Sort.WRITE),
    KEY_VERIFY("Microsoft.KeyVault/vaults/keys/verify/action", Sort.USE),
    KEY_WRAP("Microsoft.KeyVault/vaults/keys/wrap/action", Sort.USE),

    // Keys of a managed HSM, and its local roles.
    HSM_KEY_BACKUP("Microsoft.KeyVault/managedHsm/keys/backup/action", Sort.USE),
    HSM_KEY_CREATE("Microsoft.KeyVault/managedHsm/keys/create", Sort.WRITE),
    HSM_KEY_DECRYPT("Microsoft.KeyVault/managedHsm/keys/decrypt/action", Sort.USE),
    HSM_KEY_DELETE("Microsoft.KeyVault/managedHsm/keys/delete", Sort.WRITE),
    HSM_KEY_DELETED_READ("Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action", Sort.READ),
    HSM_KEY_ENCRYPT("Microsoft.KeyVault/managedHsm/keys/encrypt/action", Sort.USE),
    HSM_KEY_IMPORT("Microsoft.KeyVault/managedHsm/keys/import/action", Sort.WRITE),
    HSM_KEY_PURGE("Microsoft.KeyVault/managedHsm/keys/deletedKeys/delete", Sort.WRITE),
    HSM_KEY_READ("Microsoft.KeyVault/managedHsm/keys/read/action", Sort.READ),
    HSM_KEY_RECOVER("Microsoft.KeyVault/managedHsm/keys/deletedKeys/recover/action", Sort.WRITE),
    HSM_KEY_RELEASE("Microsoft.KeyVault/managedHsm/keys/release/action", Sort.USE),
    HSM_KEY_RESTORE("Microsoft.KeyVault/managedHsm/keys/restore/action", Sort.WRITE),
    HSM_KEY_ROTATE("Microsoft.KeyVault/managedHsm/keys/rotate/action", Sort.WRITE),
    HSM_KEY_SIGN("Microsoft.KeyVault/managedHsm/keys/sign/action", Sort.USE),
    HSM_KEY_UNWRAP("Microsoft.KeyVault/managedHsm/keys/unwrap/action", Sort.USE),
    HSM_KEY_UPDATE("Microsoft.KeyVault/managedHsm/keys/write/action", Sort.WRITE),
    HSM_KEY_VERIFY("Microsoft.KeyVault/managedHsm/keys/verify/action", Sort.USE),
    HSM_KEY_WRAP("Microsoft.KeyVault/managedHsm/keys/wrap/action", Sort.USE),
    HSM_RANDOM("Microsoft.KeyVault/managedHsm/rng/action", Sort.READ),
    HSM_ROLE_ASSIGNMENT_DELETE("Microsoft.KeyVault/managedHsm/roleAssignments/delete/action", Sort.WRITE),
    HSM_ROLE_ASSIGNMENT_READ("Microsoft.KeyVault/managedHsm/roleAssignments/read/action", Sort.READ),
    HSM_ROLE_ASSIGNMENT_WRITE("Microsoft.KeyVault/managedHsm/roleAssignments/write/action", Sort.WRITE),
    HSM_ROLE_DEFINITION_READ("Microsoft.KeyVault/managedHsm/roleDefinitions/read/action", Sort.READ);

    /** What kind of thing it is to the one who keeps the record. */
    public enum Sort {
        /** Recorded where it is refused, and only then. */
        READ,
        /** Changes something: recorded always. */
        WRITE,
        /** Something is done with a key: recorded always. */
        USE
    }

    private static final Map<String, Action> BY_NAME = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(a -> a.azure.toLowerCase(Locale.ROOT), Function.identity()));

    private final String azure;
    private final Sort sort;

    Action(String azure, Sort sort) {
        this.azure = azure;
        this.sort = sort;
    }

    /** The action of that name, without regard to case. */
    public static Optional<Action> find(String azure) {
        return Optional.ofNullable(BY_NAME.get(azure.toLowerCase(Locale.ROOT)));
    }

    /** The action of a name that this program itself has put together, such as {@code type + "/read"}. */
    public static Action of(String azure) {
        return find(azure).orElseThrow(() -> new IllegalArgumentException("there is no action '" + azure + "'"));
    }

    /** The name in full: {@code Microsoft.Compute/diskEncryptionSets/write}. */
    public String azure() {
        return azure;
    }

    public Sort sort() {
        return sort;
    }

    @Override
    public String toString() {
        return azure;
    }
}
