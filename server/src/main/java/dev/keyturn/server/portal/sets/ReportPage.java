package dev.keyturn.server.portal.sets;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One change of the key of a set, to be filed.
 *
 * @param id of the set
 * @param rotation its id, which is that of its operation
 * @param correlation of the request that asked for it, where its operation is still known
 * @param kept what kept its old key, with the reason, as far as it is shown
 * @param more how many others did
 * @param ended when it ended
 * @param now when this was read
 */
public record ReportPage(
        String set,
        String href,
        String id,
        RotationLine line,
        String rotation,
        Optional<String> correlation,
        boolean proven,
        List<KeyPage.Kept> kept,
        long more,
        Optional<Instant> ended,
        Instant now) {
    public ReportPage {
        kept = List.copyOf(kept);
    }
}
