package dev.keyturn.core.artifact;

import dev.keyturn.core.host.ArtifactImage;

/**
 * An image whose artifact is gone, with the envelope of its data key, and that its host has still to delete
 * (docs/steps.md). Nobody can open it any more.
 */
public record Condemned(ArtifactImage image, String host) {}
