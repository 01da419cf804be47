package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a role assignment holds and a permission is asked for: at an {@link ArmId} (the tenant, a subscription, a group,
 * a resource, a child), or inside a managed HSM ({@code /hsm/<name>}, {@code /hsm/<name>/keys}, {@code
 * /hsm/<name>/keys/<key>}). A scope covers itself and everything below it; no ARM scope covers the inside of an HSM.
 * Immutable; equal by its path, which is lower case throughout.
 */
public final class Scope {
    private static final String HSM = "/hsm";

    private final String path;

    /** Empty inside a managed HSM. */
    private final Optional<ArmId> id;

    /**
     * @param path doubled and trailing slashes forgiven
     * @throws IllegalArgumentException for what is neither an id nor a path of a managed HSM
     */
    public Scope(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.equals(HSM) || lower.startsWith(HSM + "/")) {
            this.id = Optional.empty();
            this.path = lower;
        } else {
            this.id = ArmId.parse(path);
            this.path = id.map(ArmId::key)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "'" + path + "' is no scope: " + ArmId.problem(path).orElseThrow()));
        }
    }

    private Scope(ArmId id) {
        this.id = Optional.of(id);
        this.path = id.key();
    }

    public static Scope subscription(String id) {
        return of(ArmId.subscription(id));
    }

    /** A group of the subscription, or all of it. */
    public static Scope of(String subscription, Optional<String> group) {
        return group.map(g -> of(ArmId.group(subscription, g))).orElseGet(() -> subscription(subscription));
    }

    public static Scope of(ArmId id) {
        return new Scope(id);
    }

    public static Scope hsm(String hsm) {
        return new Scope(HSM + "/" + hsm);
    }

    public static Scope hsmKey(String hsm, String key) {
        return new Scope(HSM + "/" + hsm + "/keys/" + key);
    }

    public String path() {
        return path;
    }

    /** The id that this is; empty inside a managed HSM. */
    public Optional<ArmId> id() {
        return id;
    }

    public boolean covers(Scope other) {
        boolean tenant = id.filter(ArmId.TENANT::equals).isPresent();
        return tenant ? !other.isHsm() : path.equals(other.path) || other.path.startsWith(path + "/");
    }

    /** Whether this is a scope inside a managed HSM, where local roles hold and Azure's do not. */
    public boolean isHsm() {
        return id.isEmpty();
    }

    /** The managed HSM that this is, or is inside of; empty at an id, and above all managed HSMs. */
    public Optional<String> hsmName() {
        if (!path.startsWith(HSM + "/") || !isHsm()) {
            return Optional.empty();
        }
        String name = path.substring(HSM.length() + 1);
        int slash = name.indexOf('/');
        return Optional.of(slash < 0 ? name : name.substring(0, slash));
    }

    /** This scope and every one above it, nearest first: an assignment at any of them counts here. */
    public List<Scope> upwards() {
        return id.map(Scope::upwards).orElseGet(() -> upwards(path));
    }

    private static List<Scope> upwards(ArmId id) {
        List<Scope> out = new ArrayList<>();
        for (Optional<ArmId> at = Optional.of(id); at.isPresent(); at = at.get().parent()) {
            out.add(of(at.get()));
        }
        return out;
    }

    private static List<Scope> upwards(String hsmPath) {
        List<Scope> out = new ArrayList<>();
        for (String at = hsmPath; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            out.add(new Scope(at));
        }
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scope that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path;
    }
}
