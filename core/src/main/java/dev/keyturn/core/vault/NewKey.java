package dev.keyturn.core.vault;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client wants of a new key or version; operations absent means the usual ones of the kind. */
public record NewKey(
        KeySpec spec,
        Optional<Set<KeyOperation>> operations,
        AttributeChanges attributes,
        Map<String, String> tags,
        Optional<ReleasePolicy> releasePolicy) {
    public NewKey {
        operations = operations.map(Set::copyOf);
        tags = Map.copyOf(tags);
    }
}
