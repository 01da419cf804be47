package dev.keyturn.server.portal.access;

import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import java.util.List;
import java.util.Optional;

/**
 * One group of people.
 *
 * @param more the address of the members that come after
 * @param roles what the group holds; empty where the person may not know
 * @param some people to choose from
 * @param changes whether the person may put somebody in, or take them out
 * @param deletes whether the person may delete the group
 */
public record GroupPage(
        PersonGroup group,
        List<Member> members,
        Optional<String> more,
        Optional<CheckPage.Everywhere> roles,
        List<Person> some,
        Optional<String> saidBy,
        boolean changes,
        boolean deletes,
        String typed,
        List<String> problems) {
    public GroupPage {
        members = List.copyOf(members);
        some = List.copyOf(some);
        problems = List.copyOf(problems);
    }
}
