package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a role assignment holds and a permission is asked for: a path of the ARM hierarchy ({@code /subscriptions/S},
 * a group's or a resource's id), or of a managed HSM's own ({@code /hsm/<name>}, {@code /hsm/<name>/keys/<key>}). A
 * scope covers itself and everything below it. Lower case throughout.
 */
public record Scope(String path) {
    public Scope {
        path = path.toLowerCase(Locale.ROOT);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a scope begins with '/', unlike " + path);
        }
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

    /** Whether this is a scope inside a managed HSM, where local roles hold and Azure's do not. */
    public boolean isHsm() {
        return path.equals("/hsm") || path.startsWith("/hsm/");
    }

    /** This scope and every one above it, nearest first: an assignment at any of them counts here. */
    public List<Scope> upwards() {
        List<Scope> out = new ArrayList<>();
        String at = path;
        while (!at.isEmpty()) {
            out.add(new Scope(at));
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return out;
    }

    @Override
    public String toString() {
        return path;
    }
}
