package dev.keyturn.core.identity;

import java.util.List;
import java.util.UUID;

/**
 * A role definition, as Azure publishes it. Actions are control plane, data actions data plane: a wildcard in one never
 * reaches into the other, which is why the Owner of a vault cannot use its keys. What a {@code not} list names is taken
 * out of the same role's grant; it does not forbid what another role grants.
 */
public record Role(
        UUID id,
        String name,
        String description,
        Kind kind,
        List<String> actions,
        List<String> notActions,
        List<String> dataActions) {
    /** Control plane although they are on keys: those of a key as a resource below its vault. */
    private static final List<String> ON_KEYS_OF_VAULTS =
            List.of("Microsoft.KeyVault/vaults/keys/write", "Microsoft.KeyVault/vaults/keys/versions/read");

    /** Whether a role is assigned at ARM scopes, or inside one managed HSM. */
    public enum Kind {
        AZURE,
        MANAGED_HSM
    }

    public Role {
        actions = List.copyOf(actions);
        notActions = List.copyOf(notActions);
        dataActions = List.copyOf(dataActions);
    }

    /** Whether the role grants this one action (no wildcard in it). */
    public boolean grants(String action) {
        if (isDataAction(action)) {
            return dataActions.stream().anyMatch(p -> matches(p, action));
        }
        return actions.stream().anyMatch(p -> matches(p, action))
                && notActions.stream().noneMatch(p -> matches(p, action));
    }

    /** Whether an action is data plane: everything on keys, secrets and certificates in a vault, or in an HSM. */
    static boolean isDataAction(String action) {
        if (ON_KEYS_OF_VAULTS.stream().anyMatch(action::equalsIgnoreCase)) {
            return false;
        }
        return starts(action, "Microsoft.KeyVault/vaults/keys/")
                || starts(action, "Microsoft.KeyVault/vaults/keyrotationpolicies/")
                || starts(action, "Microsoft.KeyVault/vaults/secrets/")
                || starts(action, "Microsoft.KeyVault/vaults/certificates/")
                || starts(action, "Microsoft.KeyVault/managedHsm/");
    }

    private static boolean starts(String action, String prefix) {
        return action.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Azure's wildcard: {@code *} stands for any text, slashes included; case does not count. */
    static boolean matches(String pattern, String action) {
        int p = 0;
        int a = 0;
        int star = -1;
        int resume = 0;
        while (a < action.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = a;
            } else if (p < pattern.length() && same(pattern.charAt(p), action.charAt(a))) {
                p++;
                a++;
            } else if (star >= 0) {
                p = star + 1;
                a = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean same(char x, char y) {
        return Character.toLowerCase(x) == Character.toLowerCase(y);
    }
}
