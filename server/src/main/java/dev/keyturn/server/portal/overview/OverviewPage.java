package dev.keyturn.server.portal.overview;

import dev.keyturn.server.portal.activity.ActivityLine;
import dev.keyturn.server.portal.sets.SetBar;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What needs somebody, and the fleet by set and key version: of what the person may read.
 *
 * @param more whether there are other sets that the page does not look at
 * @param blind the person may read no set at all
 * @param lately what was done last; empty for who may not see that
 * @param groups the resource groups that the page is about; empty where it is about the subscription
 */
public record OverviewPage(
        List<Need> needs,
        List<SetBar> fleet,
        boolean more,
        Instant checked,
        boolean blind,
        List<String> groups,
        List<ActivityLine> lately) {
    public OverviewPage {
        needs = List.copyOf(needs);
        fleet = List.copyOf(fleet);
        groups = List.copyOf(groups);
        lately = List.copyOf(lately);
    }

    /**
     * One thing that somebody should look at.
     *
     * @param kind {@code error} or {@code warning}
     * @param names what it is about, some of them
     * @param more how many others there are
     * @param all where all of them are
     */
    public record Need(
            String kind,
            String title,
            String what,
            Optional<Moment> when,
            List<Name> names,
            long more,
            Optional<String> all,
            String href,
            String action) {
        public Need {
            names = List.copyOf(names);
        }
    }

    /** When something is, was or was seen, which {@code what} says in one word. */
    public record Moment(String what, Instant at) {}

    /** Something that has a page. */
    public record Name(String text, String href) {}

    /** Whether something moves, so that the page is worth being fetched again soon. */
    public boolean moving() {
        return fleet.stream().anyMatch(SetBar::moving);
    }
}
