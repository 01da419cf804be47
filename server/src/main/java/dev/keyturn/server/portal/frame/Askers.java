package dev.keyturn.server.portal.frame;

import java.time.Instant;
import java.util.Map;

/**
 * How pages name who asked for something long ago. It is kept with the name alone, which another person may have by now.
 * Immutable.
 *
 * @param since when the person was made who has a name now, of the names of people
 */
public record Askers(Map<String, Instant> since) {
    /** Where nobody has any name. */
    public static final Askers NONE = new Askers(Map.of());

    public Askers {
        since = Map.copyOf(since);
    }

    /** @param at when it was asked for */
    public String told(String name, Instant at) {
        Instant made = since.getOrDefault(name, Instant.MIN);
        return at.isBefore(made) ? name + " (not the person of that name now)" : name;
    }
}
