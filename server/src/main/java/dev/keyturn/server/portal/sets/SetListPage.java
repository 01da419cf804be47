package dev.keyturn.server.portal.sets;

import dev.keyturn.server.portal.frame.Links;
import java.util.List;
import java.util.Optional;

/**
 * Some sets, in the order of their ids.
 *
 * @param name what names must contain; empty for all
 * @param group the resource group that is looked in; empty for all
 * @param more the address of the page that follows
 * @param blind why no list can be shown, or why not all
 * @param mayCreate whether the person may make one in the group that is looked in, or anywhere
 */
public record SetListPage(
        String name,
        String group,
        List<SetBar> bars,
        Optional<String> more,
        Optional<String> blind,
        boolean mayCreate) {
    public SetListPage {
        bars = List.copyOf(bars);
    }

    /** The address of the same list, from its beginning. */
    public String again() {
        return Links.sets(name, group);
    }

    public boolean moving() {
        return bars.stream().anyMatch(SetBar::moving);
    }
}
