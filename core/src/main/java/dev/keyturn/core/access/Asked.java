package dev.keyturn.core.access;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which actions are asked for at a scope or below it. Some are asked for at the subscription alone, and a role that is held
 * further down does not give them, whatever its name says.
 */
final class Asked {
    /** Nobody can be allowed or forbidden these by a role. */
    private static final Set<Action> BY_NO_ROLE = EnumSet.of(
            Action.SIGN_IN, Action.SIGN_OUT, Action.OWN_PASSKEY_DELETE, Action.OWN_PASSKEY_WRITE, Action.AUDIT_CUT);

    private static final String IN_HSM = "Microsoft.KeyVault/managedHsm/";
    private static final String GROUPS = "Microsoft.Resources/subscriptions/resourceGroups/";
    private static final String ASSIGNMENTS = "Microsoft.Authorization/roleAssignments/";

    private static final String KEY_POLICIES = "Microsoft.KeyVault/vaults/keyrotationpolicies/";

    /** What is in resource groups. */
    private static final List<String> RESOURCES = List.of(
            "Microsoft.Compute/",
            "Microsoft.Network/",
            "Microsoft.ManagedIdentity/",
            "Microsoft.KeyVault/vaults/",
            "Microsoft.KeyVault/managedHSMs/");

    private Asked() {}

    static boolean at(Action action, Scope scope) {
        if (BY_NO_ROLE.contains(action)) {
            return false;
        }
        String name = action.azure();
        boolean inHsm = name.startsWith(IN_HSM);
        return scope.isHsm()
                ? inHsm
                : !inHsm && scope.id().filter(id -> at(name, id)).isPresent();
    }

    private static boolean at(String name, ArmId id) {
        if (id.equals(ArmId.TENANT) || id.hasType(ArmId.SUBSCRIPTION_TYPE) || name.startsWith(ASSIGNMENTS)) {
            return true;
        }
        if (id.isGroup()) {
            return name.startsWith(GROUPS) || RESOURCES.stream().anyMatch(name::startsWith);
        }
        boolean policyOfKey = id.hasType("Microsoft.KeyVault/vaults/keys") && name.startsWith(KEY_POLICIES);
        return policyOfKey || startsWith(name, id.type() + "/");
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
