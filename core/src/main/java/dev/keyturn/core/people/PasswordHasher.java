package dev.keyturn.core.people;

/**
 * Hashes passwords so that a stolen database gives none away soon. A call takes tens of milliseconds and megabytes; an
 * implementation bounds how many run and wait, and refuses others as {@code Throttled}. Not inside a transaction.
 * Thread-safe.
 */
public interface PasswordHasher {
    /** The hash with its salt and its parameters, as text. */
    String hash(String password);

    /** Constant-time. False too where {@code stored} is no hash. */
    boolean matches(String stored, String password);
}
