package dev.keyturn.core.host;

import java.util.Optional;

/**
 * An image that a host is to make. {@code sizeGb} is 0 for a guest state; {@code source} is what an OS disk is filled
 * from, empty for a blank one.
 */
public record NewImage(HostArtifact artifact, int sizeGb, Optional<ImageFile> source) {}
