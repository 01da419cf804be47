package dev.keyturn.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleTest {
    private static final String WRAP = "Microsoft.KeyVault/vaults/keys/wrap/action";

    @ParameterizedTest
    @CsvSource({
        "*, Microsoft.Compute/disks/read, true",
        "*/read, Microsoft.Compute/disks/read, true",
        "*/read, Microsoft.Compute/disks/write, false",
        "Microsoft.Authorization/*/Write, microsoft.authorization/roleAssignments/write, true",
        "Microsoft.Authorization/*/Write, Microsoft.Authorization/write, false",
        "Microsoft.Compute/virtualMachines/*, Microsoft.Compute/virtualMachines/start/action, true",
        "Microsoft.Compute/virtualMachines/*, Microsoft.Compute/virtualMachinesX/read, false",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false",
        "Microsoft.Compute/disks/read, MICROSOFT.COMPUTE/DISKS/READ, true",
        "Microsoft.Compute/disks/read, Microsoft.Compute/disks/readAll, false",
    })
    void matches_followsAzuresWildcards(String pattern, String action, boolean expected) {
        assertThat(Role.matches(pattern, action)).isEqualTo(expected);
    }

    @Test
    void grants_ownerOnKeys_isNothing_becauseAWildcardStaysOnItsPlane() {
        assertThat(Roles.OWNER.grants("Microsoft.KeyVault/vaults/write")).isTrue();
        assertThat(Roles.OWNER.grants(WRAP)).isFalse();
        assertThat(Roles.OWNER.grants("Microsoft.KeyVault/vaults/keys/read")).isFalse();
        assertThat(Roles.OWNER.grants("Microsoft.KeyVault/managedHsm/keys/wrap/action"))
                .isFalse();
    }

    @Test
    void grants_contributor_isEverythingButAccess() {
        assertThat(Roles.CONTRIBUTOR.grants("Microsoft.Compute/diskEncryptionSets/write"))
                .isTrue();
        assertThat(Roles.CONTRIBUTOR.grants("Microsoft.Authorization/roleAssignments/read"))
                .isTrue();
        assertThat(Roles.CONTRIBUTOR.grants("Microsoft.Authorization/roleAssignments/write"))
                .isFalse();
        assertThat(Roles.CONTRIBUTOR.grants("Microsoft.Authorization/roleAssignments/delete"))
                .isFalse();
        assertThat(Roles.CONTRIBUTOR.grants("Microsoft.Authorization/servicePrincipals/write"))
                .as("who adds a secret to a principal can act as it")
                .isFalse();
    }

    @Test
    void grants_reader_isReadingTheControlPlaneAlone() {
        assertThat(Roles.READER.grants("Microsoft.KeyVault/vaults/read")).isTrue();
        assertThat(Roles.READER.grants("Microsoft.KeyVault/vaults/keys/read")).isFalse();
        assertThat(Roles.READER.grants("Microsoft.Compute/virtualMachines/start/action"))
                .isFalse();
    }

    @Test
    void grants_serviceEncryptionUser_isGetWrapAndUnwrap() {
        Role role = Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER;
        assertThat(List.of("read", "wrap/action", "unwrap/action"))
                .allMatch(verb -> role.grants("Microsoft.KeyVault/vaults/keys/" + verb));
        assertThat(List.of("create/action", "delete", "encrypt/action", "release/action", "rotate/action"))
                .noneMatch(verb -> role.grants("Microsoft.KeyVault/vaults/keys/" + verb));
    }

    @Test
    void grants_hsmAdministrator_managesRolesButUsesNoKey() {
        assertThat(HsmRoles.ADMINISTRATOR.grants("Microsoft.KeyVault/managedHsm/roleAssignments/write/action"))
                .isTrue();
        assertThat(HsmRoles.ADMINISTRATOR.grants("Microsoft.KeyVault/managedHsm/keys/read/action"))
                .isFalse();
        assertThat(HsmRoles.CRYPTO_USER.grants("Microsoft.KeyVault/managedHsm/keys/unwrap/action"))
                .isTrue();
        assertThat(HsmRoles.CRYPTO_USER.grants("Microsoft.KeyVault/managedHsm/keys/deletedKeys/delete"))
                .isFalse();
    }

    @Test
    void parse_takesAFullIdInAnyCaseOrABareOne() {
        UUID owner = Roles.OWNER.id();
        assertThat(Roles.parse("/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/"
                        + owner.toString().toUpperCase(java.util.Locale.ROOT)))
                .contains(Roles.OWNER);
        assertThat(Roles.parse(owner.toString())).contains(Roles.OWNER);
        assertThat(Roles.parse("Owner")).isEmpty();
    }

    @Test
    void upwards_namesTheScopeAndAllAbove() {
        Scope vault = new Scope("/subscriptions/S/resourceGroups/G/providers/Microsoft.KeyVault/vaults/V");
        assertThat(vault.upwards())
                .contains(vault, new Scope("/subscriptions/s/resourcegroups/g"), new Scope("/subscriptions/s"))
                .allMatch(s -> s.covers(vault));
    }
}
