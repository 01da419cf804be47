package dev.keyturn.server.portal.operations;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is at work, and what has ended, as far as the person may see it.
 *
 * @param more whether more are at work than are shown
 * @param first whether it is the first page of what has ended
 * @param next the address of the next page; also where nothing was found as far as was looked
 * @param looked how many one page looks through at most
 */
public record OperationListPage(
        List<OperationLine> running,
        boolean more,
        List<OperationLine> ended,
        String here,
        boolean first,
        Optional<String> next,
        int looked) {
    public OperationListPage {
        running = List.copyOf(running);
        ended = List.copyOf(ended);
    }

    /** Where nothing that ended is shown: how far that holds. */
    public String none() {
        String many = String.format(Locale.ROOT, "%,d", looked);
        if (next.isPresent()) {
            return first
                    ? "Among the " + many + " that ended last there is nothing that you may see."
                    : "Among the next " + many + " there is nothing that you may see.";
        }
        return first ? "Nothing that you may see has ended in the last 30 days." : "There are no more.";
    }
}
