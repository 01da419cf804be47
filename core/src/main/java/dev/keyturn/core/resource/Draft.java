package dev.keyturn.core.resource;

import java.util.Map;

/** What a client wants a resource to be: {@code document} is its body as a JSON object, secrets taken out. */
public record Draft(String location, Map<String, String> tags, String document) {
    public Draft {
        tags = Map.copyOf(tags);
    }
}
