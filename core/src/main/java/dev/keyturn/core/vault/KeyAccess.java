package dev.keyturn.core.vault;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what with the keys of a vault: by role assignments where the vault has RBAC on, by its access policies
 * where it has not, by local roles in a managed HSM. Thread-safe; must not be called inside a transaction.
 */
public final class KeyAccess {
    private final Access access;

    public KeyAccess(Access access) {
        this.access = access;
    }

    /** {@code key} is the key's name; absent where it is about the vault as a whole. */
    public boolean may(PrincipalId who, Vault vault, KeyPermission permission, Optional<String> key) {
        if (vault.kind() == VaultKind.VAULT && !vault.rbac()) {
            return vault.policies().stream()
                    .filter(p -> p.principal().equals(who) && p.application().isEmpty())
                    .anyMatch(p -> p.allows(permission.policyName()));
        }
        return access.may(who, permission.action(vault.kind()), scope(vault, key));
    }

    /** Refuses as {@code Forbidden}, in Key Vault's words. */
    public void require(Caller caller, Vault vault, KeyPermission permission, Optional<String> key) {
        if (may(caller.principal(), vault, permission, key)) {
            return;
        }
        String who = "appid=" + caller.name() + ";oid=" + caller.principal();
        if (vault.kind() == VaultKind.VAULT && !vault.rbac()) {
            throw forbidden(
                    "The user, group or application '" + who + "' does not have keys " + permission.policyName()
                            + " permission on key vault '" + vault.name() + "'. Give it that permission in an access"
                            + " policy of the vault: it is on access policies (enableRbacAuthorization is false), so"
                            + " role assignments give nothing in it.",
                    "ForbiddenByPolicy");
        }
        throw forbidden(
                "Caller is not authorized to perform action on resource.\r\nIf role assignments were changed recently,"
                        + " please observe propagation time.\r\nCaller: " + who + "\r\nAction: '"
                        + permission.action(vault.kind()) + "'\r\nResource: '"
                        + resource(vault, key) + "'\r\nAssignment: (not found)\r\nVault: " + vault.name() + ";location="
                        + vault.resource().location() + "\r\n" + remedy(vault, permission),
                "ForbiddenByRbac");
    }

    /** Which roles would do, out of those of the vault's kind. */
    private static String remedy(Vault vault, KeyPermission permission) {
        boolean hsm = vault.kind() == VaultKind.MANAGED_HSM;
        List<String> roles = Roles.all(hsm ? Role.Kind.MANAGED_HSM : Role.Kind.AZURE).stream()
                .filter(r -> r.grants(permission.action(vault.kind())))
                .map(Role::name)
                .toList();
        return (hsm
                        ? "One of these local roles of the managed HSM allows it (Azure's roles give nothing in it): "
                        : "One of these roles allows it: ")
                + String.join(", ", roles) + ".";
    }

    /** Where roles hold for the key, or for the whole vault. */
    public static Scope scope(Vault vault, Optional<String> key) {
        return switch (vault.kind()) {
            case VAULT -> Scope.of(resource(vault, key));
            case MANAGED_HSM -> key.map(k -> Scope.hsmKey(vault.name(), k)).orElseGet(() -> Scope.hsm(vault.name()));
        };
    }

    private static ArmId resource(Vault vault, Optional<String> key) {
        ArmId id = vault.resource().id();
        return key.map(k -> id.child("keys", k)).orElse(id);
    }

    private static RuntimeException forbidden(String message, String inner) {
        return new DomainError.Forbidden(ErrorInfo.of("Forbidden", message).with(List.of(ErrorInfo.of(inner, message))))
                .asException();
    }
}
