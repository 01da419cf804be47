package dev.keyturn.server.portal.overview;

import dev.keyturn.server.portal.sets.SetBar;
import java.time.Instant;
import java.util.List;

/**
 * What needs somebody, and the fleet by set and key version.
 *
 * @param more whether there are other sets that the picture does not show
 * @param blind the person may not see the sets of the subscription
 */
public record OverviewPage(List<Need> needs, List<SetBar> fleet, boolean more, Instant checked, boolean blind) {
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
