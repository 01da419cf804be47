package dev.keyturn.server.portal.operations;

import java.util.List;
import java.util.Optional;

/**
 * What is at work, and what has ended, as far as the person may see it.
 *
 * @param more whether more are at work than are shown
 * @param first whether it is the first page of what has ended
 * @param next the address of the next page
 */
public record OperationListPage(
        List<OperationLine> running,
        boolean more,
        List<OperationLine> ended,
        String here,
        boolean first,
        Optional<String> next) {
    public OperationListPage {
        running = List.copyOf(running);
        ended = List.copyOf(ended);
    }
}
