package dev.keyturn.server.portal.sets;

import java.util.List;
import java.util.Optional;

/**
 * Which keys somebody may choose among: vaults, the keys of the chosen one, the versions of the chosen key. A list is
 * empty as long as what is above it is not chosen.
 *
 * @param newVersion whether a new version of the present key is offered
 * @param newVersionWords what stands beside that offer, or in its place
 * @param words what could not be listed, and what would allow it
 */
public record KeyChoice(
        boolean newVersion,
        String newVersionWords,
        List<Option> vaults,
        List<Option> keys,
        List<Option> versions,
        List<String> words) {
    public KeyChoice {
        vaults = List.copyOf(vaults);
        keys = List.copyOf(keys);
        versions = List.copyOf(versions);
        words = List.copyOf(words);
    }

    /** One line of a select. */
    public record Option(String value, String text, boolean selected) {}

    static Optional<String> selected(List<Option> options) {
        return options.stream().filter(Option::selected).map(Option::value).findFirst();
    }
}
