package dev.keyturn.server.portal.people;

import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everybody who can sign in.
 *
 * @param link what was just made for somebody, to be handed over; shown this one time
 * @param more the name behind which there are others, as an address has it
 */
public record PeoplePage(
        List<Person> people,
        Map<PrincipalId, People.Passkeys> passkeys,
        Optional<String> more,
        Optional<Handed> link,
        String name,
        String displayName,
        List<String> problems) {
    public PeoplePage {
        people = List.copyOf(people);
        passkeys = Map.copyOf(passkeys);
        problems = List.copyOf(problems);
    }

    /** What a person has beside a password, in words. */
    public String passkeys(Person person) {
        People.Passkeys has = passkeys.getOrDefault(person.id(), new People.Passkeys(0, false));
        return has.count() == 0 ? "none" : has.required() ? has.count() + ", always asked for" : "" + has.count();
    }

    /** A one-time link, and whose it is. */
    public record Handed(String name, String url) {}
}
