package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import java.util.Locale;

/**
 * Where a role assignment holds and a permission is asked for: a path of the ARM hierarchy ({@code /subscriptions/S},
 * a group's or a resource's id), or of a managed HSM's own ({@code /hsm/<name>}, {@code /hsm/<name>/keys/<key>}). A
 * scope covers itself and everything below it. Lower case throughout.
 */
public record Scope(String path) {
    public Scope {
        path = path.toLowerCase(Locale.ROOT);
    }

    public static Scope subscription(String id) {
        return new Scope("/subscriptions/" + id);
    }

    public static Scope of(ArmId id) {
        return new Scope(id.toString());
    }

    public static Scope hsm(String hsm) {
        return new Scope("/hsm/" + hsm);
    }

    public static Scope hsmKey(String hsm, String key) {
        return new Scope("/hsm/" + hsm + "/keys/" + key);
    }

    public boolean covers(Scope other) {
        return path.equals(other.path) || other.path.startsWith(path + "/");
    }
}
