package dev.keyturn.core.envelope;

import dev.keyturn.core.model.ArtifactId;

/** An envelope did not yield its artifact's data key. Says why, never what. */
public final class EnvelopeDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    EnvelopeDamagedException(ArtifactId artifact, String why) {
        super("artifact " + artifact + " cannot be opened: " + why, null, false, false);
        this.why = why;
    }

    /** The reason as half a sentence with the envelope as its subject. */
    public String why() {
        return why;
    }
}
