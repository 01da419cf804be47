package dev.keyturn.server.portal.access;

import dev.keyturn.core.people.PersonGroup;
import java.util.List;
import java.util.Optional;

/**
 * Groups of people.
 *
 * @param more the address of those that come after
 * @param makes whether the person may make groups
 * @param name what was typed, and refused
 */
public record PersonGroupsPage(
        List<PersonGroup> groups,
        Optional<String> more,
        boolean makes,
        String name,
        String description,
        List<String> problems) {
    public PersonGroupsPage {
        groups = List.copyOf(groups);
        problems = List.copyOf(problems);
    }
}
