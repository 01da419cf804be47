package dev.keyturn.server.portal.frame;

import dev.keyturn.core.directory.RoleGrants;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import java.util.Optional;
import java.util.UUID;

/** Roles for the keys of a vault, given where they count: at the vault, or inside of the managed HSM. */
public record KeyGrants(RoleGrants grants, HsmAssignments local) {
    /** @param role one of that kind of vault */
    public void give(Call call, Vault vault, Role role, PrincipalId to, Optional<String> why) {
        Scope scope =
                vault.kind() == VaultKind.VAULT ? Scope.of(vault.resource().id()) : Scope.hsm(vault.name());
        Grant grant = new Grant(UUID.randomUUID(), scope, role.id(), to, why);
        switch (vault.kind()) {
            case VAULT -> grants.grant(call, grant);
            case MANAGED_HSM -> local.grant(call, new HsmAssignments.Place(vault, scope), grant);
        }
    }
}
