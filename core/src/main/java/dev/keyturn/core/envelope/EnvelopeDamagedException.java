package dev.keyturn.core.envelope;

import dev.keyturn.core.model.ArtifactId;

/** An envelope did not yield its artifact's data key. Says why, never what. */
public final class EnvelopeDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnvelopeDamagedException(ArtifactId artifact, String why) {
        super("the envelope of artifact " + artifact + " cannot be used: " + why, null, false, false);
    }
}
