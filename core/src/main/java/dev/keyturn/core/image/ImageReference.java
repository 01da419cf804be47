package dev.keyturn.core.image;

import dev.keyturn.core.model.ArmId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code storageProfile.imageReference} as a client asks for it: {@code id} of an image, or the four parts of a
 * platform image's name; texts as it wrote them.
 */
public record ImageReference(
        Optional<ArmId> id,
        Optional<String> publisher,
        Optional<String> offer,
        Optional<String> sku,
        Optional<String> version) {

    /** Whether any part of a platform image's name is given. */
    boolean named() {
        return publisher.or(() -> offer).or(() -> sku).or(() -> version).isPresent();
    }

    /** The first part of a platform image's name that is not given. */
    Optional<String> missing() {
        Map<String, Optional<String>> parts = new LinkedHashMap<>();
        parts.put("publisher", publisher);
        parts.put("offer", offer);
        parts.put("sku", sku);
        parts.put("version", version);
        return parts.entrySet().stream()
                .filter(p -> p.getValue().map(String::isBlank).orElse(true))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
