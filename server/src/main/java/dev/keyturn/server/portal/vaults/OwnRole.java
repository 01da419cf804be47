package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyGrants;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.Optional;

/**
 * The role by which somebody manages the keys of a vault. Whoever may assign roles there may give it to themselves, which is
 * what comes after a vault was made: to own it gives no right to its keys.
 */
final class OwnRole {
    private final VaultDesk desk;

    OwnRole(VaultDesk desk) {
        this.desk = desk;
    }

    private static Role role(VaultKind kind) {
        return kind == VaultKind.VAULT ? Roles.KEY_VAULT_CRYPTO_OFFICER : HsmRoles.CRYPTO_USER;
    }

    /** Its name, for who lacks it and may give it. */
    Optional<String> offered(Visitor visitor, Vault vault) {
        boolean may = desk.rights().mayGiveRoles(visitor.call(), vault);
        return may && !desk.may(visitor, vault, KeyPermission.CREATE, Optional.empty())
                ? Optional.of(role(vault.kind()).name())
                : Optional.empty();
    }

    Response take(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        new KeyGrants(desk.services().grants(), desk.services().hsmAssignments())
                .give(visitor.call(), vault, role(kind), visitor.person().id(), Optional.empty());
        return Html.to(desk.href(vault));
    }
}
