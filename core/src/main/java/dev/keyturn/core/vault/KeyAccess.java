package dev.keyturn.core.vault;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what with the keys of a vault: by role assignments where the vault has RBAC on, by its access policies
 * where it has not, by local roles in a managed HSM. Thread-safe.
 */
public final class KeyAccess {
    private final Access access;
    private final VaultStore vaults;
    private final VaultHosts hosts;
    private final PersonGroupStore groups;

    public KeyAccess(Access access, VaultStore vaults, VaultHosts hosts, PersonGroupStore groups) {
        this.access = access;
        this.vaults = vaults;
        this.hosts = hosts;
        this.groups = groups;
    }

    /**
     * Whether the vault, as it is given, lets {@code who} do that, by itself or by a group of people that it is in.
     *
     * @param key the key's name; absent where it is about the vault as a whole
     */
    public boolean may(Tx tx, PrincipalId who, Vault vault, KeyPermission permission, Optional<String> key) {
        if (byPolicies(vault)) {
            return allows(vault, permission, who)
                    || groups.of(tx, who).stream().anyMatch(g -> allows(vault, permission, g.id()));
        }
        return access.may(tx, who, permission.action(vault.kind()), scope(vault, key));
    }

    /**
     * The question, which is answered by the vault as it is in the transaction that asks; its refusal is in Key Vault's
     * words.
     *
     * @param key the key's name; absent where it is about the vault as a whole
     * @param version of that key, where the request names one
     */
    public Ask ask(Vault vault, KeyPermission permission, Optional<String> key, Optional<String> version) {
        Optional<String> target =
                key.flatMap(k -> version.map(v -> hosts.keyId(vault, k, v).reference()));
        return new Question(vault, permission, key, target);
    }

    private final class Question implements Ask {
        private final Vault named;
        private final KeyPermission permission;
        private final Optional<String> key;
        private final Optional<String> target;

        Question(Vault named, KeyPermission permission, Optional<String> key, Optional<String> target) {
            this.named = named;
            this.permission = permission;
            this.key = key;
            this.target = target;
        }

        @Override
        public Action action() {
            return permission.asked(named.kind());
        }

        @Override
        public Scope at() {
            return scope(named, key);
        }

        @Override
        public Optional<String> target() {
            return target;
        }

        /** Of one that was purged since the request began the work says that it is gone; only who might use it learns that. */
        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            Vault vault = vaults.find(tx, named.id()).orElse(named);
            return call.decided() || may(tx, call.caller().principal(), vault, permission, key)
                    ? Optional.empty()
                    : Optional.of(refused(call.caller(), vault, permission, key));
        }
    }

    private static DomainError refused(Caller caller, Vault vault, KeyPermission permission, Optional<String> key) {
        String who = "appid=" + caller.name() + ";oid=" + caller.principal();
        if (byPolicies(vault)) {
            return forbidden(
                    "The user, group or application '" + who + "' does not have keys " + permission.policyName()
                            + " permission on key vault '" + vault.name() + "'. Give it that permission in an access"
                            + " policy of the vault: it is on access policies (enableRbacAuthorization is false), so"
                            + " role assignments give nothing in it.",
                    "ForbiddenByPolicy");
        }
        return forbidden(
                "Caller is not authorized to perform action on resource.\r\nIf role assignments were changed recently,"
                        + " please observe propagation time.\r\nCaller: " + who + "\r\nAction: '"
                        + permission.action(vault.kind()) + "'\r\nResource: '"
                        + resource(vault, key) + "'\r\nAssignment: (not found)\r\nVault: " + vault.name() + ";location="
                        + vault.resource().location() + "\r\n" + remedy(vault, permission),
                "ForbiddenByRbac");
    }

    private static boolean allows(Vault vault, KeyPermission permission, PrincipalId holder) {
        return vault.policies().stream()
                .filter(p -> p.principal().equals(holder) && p.application().isEmpty())
                .anyMatch(p -> p.allows(permission.policyName()));
    }

    /** Whether access policies count in the vault, and roles do not. */
    public static boolean byPolicies(Vault vault) {
        return vault.kind() == VaultKind.VAULT && !vault.rbac();
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

    private static DomainError forbidden(String message, String inner) {
        return new DomainError.Forbidden(
                ErrorInfo.of("Forbidden", message).with(List.of(ErrorInfo.of(inner, message))));
    }
}
