package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import java.util.List;

/** Who is signed in, and where; {@code thisOne} is the id of the session at hand. */
public record MePage(Person person, List<Session> sessions, String thisOne) {}
