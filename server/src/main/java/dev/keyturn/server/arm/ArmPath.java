package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArmProvider;
import java.util.List;
import java.util.Optional;

/**
 * What a request's path says: the id that is acted at, which is the longest one that the path begins with, and behind
 * it the type of a list or an action ({@code .../start}).
 */
record ArmPath(ArmId id, List<String> rest) {
    private static final String PROVIDERS = "providers";

    static ArmPath of(String path) {
        ArmId.Prefix longest = ArmId.longest(path);
        return new ArmPath(longest.id(), longest.rest());
    }

    /**
     * What is extended by the extensions of a type that the path lists, or by the one that it names; empty where it does
     * neither.
     */
    Optional<ArmId> extended(String type) {
        if (rest.isEmpty()) {
            return id.hasType(type) ? id.parent() : Optional.empty();
        }
        boolean lists = rest.size() == 3
                && rest.getFirst().equalsIgnoreCase(PROVIDERS)
                && type.equalsIgnoreCase(rest.get(1) + "/" + rest.get(2));
        return lists ? Optional.of(id) : Optional.empty();
    }

    /** The last namespace of the path. */
    Optional<String> namespace() {
        if (behindProviders()) {
            return rest.size() > 1 ? Optional.of(rest.get(1)) : Optional.empty();
        }
        return provider().map(ArmProvider::namespace);
    }

    /** The first type behind the last namespace; empty where there is none. */
    String type() {
        if (behindProviders()) {
            return rest.size() > 2 ? rest.get(2) : "";
        }
        return provider().map(p -> p.levels().getFirst().type()).orElse("");
    }

    private boolean behindProviders() {
        return !rest.isEmpty() && rest.getFirst().equalsIgnoreCase(PROVIDERS);
    }

    private Optional<ArmProvider> provider() {
        return id.providers().isEmpty()
                ? Optional.empty()
                : Optional.of(id.providers().getLast());
    }
}
