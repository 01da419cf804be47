package dev.keyturn.server.portal.people;

import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everybody who can sign in.
 *
 * @param provider the issuer of who signs people in; empty where they sign in here
 * @param outsiders those whom a provider has signed in
 * @param shutOut those of a provider whose people were deleted here
 * @param link what was just made for somebody, to be handed over; shown this one time
 * @param more the name behind which there are others, as an address has it
 */
public record PeoplePage(
        List<Person> people,
        Map<PrincipalId, People.Passkeys> passkeys,
        Optional<String> provider,
        Map<PrincipalId, Outsider> outsiders,
        List<Outsider> shutOut,
        Optional<String> more,
        Optional<Handed> link,
        String name,
        String displayName,
        List<String> problems) {
    public PeoplePage {
        people = List.copyOf(people);
        passkeys = Map.copyOf(passkeys);
        outsiders = Map.copyOf(outsiders);
        shutOut = List.copyOf(shutOut);
        problems = List.copyOf(problems);
    }

    /** What a person has beside a password, in words. */
    public String passkeys(Person person) {
        People.Passkeys has = passkeys.getOrDefault(person.id(), new People.Passkeys(0, false));
        return has.count() == 0 ? "none" : has.required() ? has.count() + ", always asked for" : "" + has.count();
    }

    /** Where a person signs in, while a provider signs people in. */
    public String from(Person person) {
        return Optional.ofNullable(outsiders.get(person.id()))
                .map(o -> o.issuer() + (provider.filter(o.issuer()::equals).isPresent() ? "" : " (not any more)")
                        + ", as " + o.subject())
                .orElse("by an emergency link alone");
    }

    /** A one-time link, and whose it is. */
    public record Handed(String name, String url) {}
}
