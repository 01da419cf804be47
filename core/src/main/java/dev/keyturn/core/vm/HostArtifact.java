package dev.keyturn.core.vm;

import dev.keyturn.core.model.SecretBytes;

/** An image with its data key, lent to a host for one call: the host must not keep the key after it returned.
 * {@code sizeGb} matters to {@link VmHost#provision} alone and is 0 elsewhere and for a guest state. */
public record HostArtifact(ImageRef image, int sizeGb, SecretBytes dataKey) {}
