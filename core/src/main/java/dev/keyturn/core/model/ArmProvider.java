package dev.keyturn.core.model;

import java.util.List;

/**
 * A part of an {@link ArmId}: {@code /providers/NAMESPACE} with a resource behind it, then that one's child, and so on.
 *
 * @param levels at least one; each is the child of the one before
 */
public record ArmProvider(String namespace, List<Level> levels) {
    /** {@code /TYPE/NAME} */
    public record Level(String type, String name) {
        public Level {
            ArmIdParser.requireSegment("type", type);
            ArmIdParser.requireSegment("name", name);
        }
    }

    /**
     * @throws IllegalArgumentException for what could not be read back from a text: no level, an empty part or one with
     *     a slash, a child of the type {@code providers}, a tenant, subscription or group as a provider's resource
     */
    public ArmProvider {
        ArmIdParser.requireSegment("namespace", namespace);
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("there is no type and name behind the namespace '" + namespace + "'");
        }
        for (int i = 1; i < levels.size(); i++) {
            if (ArmIdParser.isProviders(levels.get(i).type())) {
                throw new IllegalArgumentException("a child's type cannot be 'providers'");
            }
        }
        String first = levels.getFirst().type();
        if (ArmIdParser.isRoot(namespace, first)) {
            throw new IllegalArgumentException("a " + namespace + "/" + first + " is no resource of a provider");
        }
    }

    /** {@code NAMESPACE/TYPE{/TYPE}}, down to the last level's. */
    String type() {
        if (levels.size() == 1) {
            return namespace + "/" + levels.getFirst().type();
        }
        StringBuilder out = new StringBuilder(namespace);
        levels.forEach(level -> out.append('/').append(level.type()));
        return out.toString();
    }
}
