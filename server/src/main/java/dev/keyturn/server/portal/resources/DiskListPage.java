package dev.keyturn.server.portal.resources;

import dev.keyturn.server.portal.ends.End.Way;
import java.util.List;
import java.util.Optional;

/**
 * Some disks, in the order of their ids.
 *
 * @param name what names must contain; empty for all
 * @param group the resource group that is looked in; empty for all
 * @param free whether only those are shown that no VM has
 * @param more the address of the page that follows
 * @param blind why no list can be shown, or why not all
 * @param create where one is made; absent for who may not
 */
public record DiskListPage(
        String name,
        String group,
        boolean free,
        List<Line> lines,
        Optional<String> more,
        Optional<String> blind,
        Optional<String> create) {
    public DiskListPage {
        lines = List.copyOf(lines);
    }

    /** One of them; {@code set} is absent where it is under the platform's key. */
    public record Line(
            String name, String href, String group, String use, int sizeGb, Optional<Way> vm, Optional<Way> set) {}

    public boolean filtered() {
        return !name.isEmpty() || !group.isEmpty() || free;
    }
}
