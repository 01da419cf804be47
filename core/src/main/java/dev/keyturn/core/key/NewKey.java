package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client wants of a new key or version; operations absent means the usual ones of the kind. {@code exponent} is
 * the public exponent of an RSA key that is made in a managed HSM; a vault makes 65537 whatever is asked for.
 */
public record NewKey(
        KeySpec spec,
        Optional<Long> exponent,
        Optional<Set<KeyOperation>> operations,
        AttributeChanges attributes,
        Map<String, String> tags,
        Optional<ReleasePolicy> releasePolicy) {
    public NewKey {
        operations = operations.map(Set::copyOf);
        tags = Map.copyOf(tags);
    }

    /** With the usual public exponent. */
    public NewKey(
            KeySpec spec,
            Optional<Set<KeyOperation>> operations,
            AttributeChanges attributes,
            Map<String, String> tags,
            Optional<ReleasePolicy> releasePolicy) {
        this(spec, Optional.empty(), operations, attributes, tags, releasePolicy);
    }
}
