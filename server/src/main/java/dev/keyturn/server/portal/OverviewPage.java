package dev.keyturn.server.portal;

import java.time.Instant;
import java.util.List;

/**
 * What needs somebody, and the whole fleet by set and key version.
 *
 * @param blind nothing may be seen: the person holds no role yet
 */
public record OverviewPage(List<Need> needs, List<SetBar> fleet, Instant checked, boolean blind) {
    public OverviewPage {
        needs = List.copyOf(needs);
        fleet = List.copyOf(fleet);
    }

    /** One thing that somebody should look at; {@code kind} is {@code error} or {@code warning}. */
    public record Need(String kind, String title, String what, String href, String action) {}

    /** Whether something moves, so that the page is worth being fetched again soon. */
    public boolean moving() {
        return fleet.stream().anyMatch(SetBar::moving);
    }
}
