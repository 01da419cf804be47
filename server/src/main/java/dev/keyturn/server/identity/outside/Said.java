package dev.keyturn.server.identity.outside;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Claims as they came, of any shape. What has another shape than wanted counts as not said. Immutable. */
record Said(Map<String, Object> claims) {
    Optional<String> text(String name) {
        return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A list of texts, or one text. */
    List<String> texts(String name) {
        return switch (claims.get(name)) {
            case String text -> List.of(text);
            case List<?> all ->
                all.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    boolean has(String name) {
        return claims.get(name) != null;
    }
}
