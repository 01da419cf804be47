package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.Person;
import java.util.List;
import java.util.Optional;

/**
 * Everybody who can sign in.
 *
 * @param link what was just made for somebody, to be handed over; shown this one time
 * @param more the name behind which there are others, as an address has it
 */
public record PeoplePage(
        List<Person> people,
        Optional<String> more,
        Optional<Handed> link,
        String name,
        String displayName,
        List<String> problems) {
    public PeoplePage {
        people = List.copyOf(people);
        problems = List.copyOf(problems);
    }

    /** A one-time link, and whose it is. */
    public record Handed(String name, String url) {}
}
