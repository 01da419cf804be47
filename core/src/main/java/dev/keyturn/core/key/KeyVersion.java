package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.vault.VaultId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One version of a key. {@code version} is 32 lower-case hex digits; {@code sequence} grows with each version of a
 * key, so that the latest is known when two are made in one second. {@code backend} is the {@link KeyBackend#name} of the
 * backend that made {@code handle}, which means something to that backend alone.
 */
public record KeyVersion(
        VaultId vault,
        String name,
        String version,
        long sequence,
        KeySpec spec,
        PublicPart publicPart,
        String backend,
        byte[] handle,
        Set<KeyOperation> operations,
        KeyAttributes attributes,
        Map<String, String> tags,
        Optional<ReleasePolicy> releasePolicy) {
    public KeyVersion {
        operations = Set.copyOf(operations);
        tags = Map.copyOf(tags);
    }

    /** What the backend needs to use it. */
    public BackendKey backendKey() {
        return new BackendKey(spec, version, publicPart, handle);
    }

    /** This one as the next version of a key whose latest has the given sequence. */
    KeyVersion after(Key key, long latestSequence) {
        return new KeyVersion(
                key.vault(),
                key.name(),
                version,
                latestSequence + 1,
                spec,
                publicPart,
                backend,
                handle,
                operations,
                attributes,
                tags,
                releasePolicy);
    }

    public KeyVersion with(
            Set<KeyOperation> newOperations,
            KeyAttributes newAttributes,
            Map<String, String> newTags,
            Optional<ReleasePolicy> newPolicy) {
        return new KeyVersion(
                vault,
                name,
                version,
                sequence,
                spec,
                publicPart,
                backend,
                handle,
                newOperations,
                newAttributes,
                newTags,
                newPolicy);
    }
}
