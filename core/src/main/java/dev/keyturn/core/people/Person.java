package dev.keyturn.core.people;

import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;

/**
 * Somebody that signs in and holds roles as a principal does. {@code mustChange}: the password was made by somebody
 * else, and nothing can be done with it but to set another one. {@code createdBy} is for people to read. Immutable.
 */
public record Person(
        PrincipalId id, SignInName name, String displayName, boolean mustChange, Instant createdAt, String createdBy) {
    /** Longest display name, in characters. */
    public static final int LONGEST_DISPLAY_NAME = 100;

    public Person {
        if (displayName.isBlank() || displayName.length() > LONGEST_DISPLAY_NAME) {
            throw new IllegalArgumentException("a person needs a display name");
        }
    }

    /** Who makes the requests of the person's sessions. */
    public Caller caller() {
        return new Caller(id, name.text());
    }
}
