package dev.keyturn.server.portal.access;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One group of people.
 *
 * @param more the address of the members that come after
 * @param roles what the group holds; empty where the person may not know
 * @param some people to choose from
 * @param changes whether the person may put somebody in, or take them out
 * @param leftHere whom the person may take out although a provider says who is in the group: it says nothing of them
 * @param deletes whether the person may delete the group
 */
public record PersonGroupPage(
        PersonGroup group,
        List<Member> members,
        Optional<String> more,
        Optional<CheckPage.Everywhere> roles,
        List<Person> some,
        Optional<String> saidBy,
        boolean changes,
        Set<PrincipalId> leftHere,
        boolean deletes,
        String typed,
        List<String> problems) {
    public PersonGroupPage {
        members = List.copyOf(members);
        some = List.copyOf(some);
        leftHere = Set.copyOf(leftHere);
        problems = List.copyOf(problems);
    }

    /** Whether the person may take this one out. */
    public boolean takesOut(Member member) {
        return changes || leftHere.contains(member.person().id());
    }

    /** Whether there is anybody whom the person may take out. */
    public boolean takesOut() {
        return changes || !leftHere.isEmpty();
    }
}
