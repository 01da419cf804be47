package dev.keyturn.core.audit;

/** What became of what was asked for. */
public enum Outcome {
    /** It was allowed, and it was done. */
    ALLOWED,
    /** The caller lacks the permission; nothing was done. */
    REFUSED,
    /** The caller has the permission; it was not done, or not all of it, for another reason. */
    FAILED
}
