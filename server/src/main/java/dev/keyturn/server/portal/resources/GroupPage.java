package dev.keyturn.server.portal.resources;

import dev.keyturn.server.portal.frame.Condition;
import java.util.List;
import java.util.Optional;

/**
 * One resource group and what is in it.
 *
 * @param moving whether it is being deleted
 * @param lines what is in it, as far as it is shown
 * @param more the address of what follows
 * @param blind why that cannot be shown
 * @param access where the roles are that were given at it
 * @param delete where it is deleted; absent for who may not
 */
public record GroupPage(
        String name,
        String id,
        String href,
        String location,
        boolean moving,
        List<Line> lines,
        Optional<String> more,
        Optional<String> blind,
        String access,
        Optional<String> delete) {
    public GroupPage {
        lines = List.copyOf(lines);
    }

    /** A resource; {@code href} is empty where it has no page. */
    public record Line(String name, String href, String type, String location, Condition state) {}
}
