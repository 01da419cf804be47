package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyOperation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client wants changed of a key version; what is absent stays. */
public record KeyChanges(
        Optional<Set<KeyOperation>> operations,
        AttributeChanges attributes,
        Optional<Map<String, String>> tags,
        Optional<ReleasePolicy> releasePolicy) {
    public KeyChanges {
        operations = operations.map(Set::copyOf);
        tags = tags.map(Map::copyOf);
    }
}
