package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;

/**
 * People who hold roles together: what is assigned to the group holds for each of its members. A group has people in it and
 * no groups. {@code createdBy} is for people to read. Immutable.
 */
public record PersonGroup(PrincipalId id, GroupName name, String description, Instant createdAt, String createdBy) {
    /** Longest description, in characters. */
    public static final int LONGEST_DESCRIPTION = 200;

    public PersonGroup {
        if (description.length() > LONGEST_DESCRIPTION) {
            throw new IllegalArgumentException("the description of a group is too long");
        }
    }

    /** A person in a group, since when, and who put them there. */
    public record Member(Person person, Instant addedAt, String addedBy) {}
}
