package dev.keyturn.core.host;

import dev.keyturn.core.model.SecretBytes;

/** An image with its data key, lent to a host for one call: the host must not keep the key after it returned. */
public record HostArtifact(ArtifactImage image, SecretBytes dataKey) {}
