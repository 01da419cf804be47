package dev.keyturn.server.portal.resources;

import dev.keyturn.server.portal.frame.Condition;
import java.util.List;
import java.util.Optional;

/**
 * Some resource groups, in the order of their names.
 *
 * @param more the address of the page that follows
 * @param blind why no list can be shown, or why not all
 * @param create where one is made; absent for who may not
 */
public record GroupListPage(List<Line> lines, Optional<String> more, Optional<String> blind, Optional<String> create) {
    public GroupListPage {
        lines = List.copyOf(lines);
    }

    public record Line(String name, String href, String location, Condition state) {}
}
