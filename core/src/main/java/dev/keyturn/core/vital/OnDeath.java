package dev.keyturn.core.vital;

/** What follows when a thread that the server cannot do without has died. Called on that thread, as its last act. */
@FunctionalInterface
public interface OnDeath {
    void died(String thread, Throwable cause);
}
