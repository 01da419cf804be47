package dev.keyturn.cli.audit;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Since when a running server's record has everything. */
public final class RecordBegin {
    private RecordBegin() {}

    /**
     * The time of the oldest record that is there: of all nodes; where records were cut, of the node that has the fewest
     * left. Empty where there are no records.
     */
    public static Optional<Instant> of(Api api) {
        Optional<Instant> first = Optional.empty();
        Optional<Instant> behindCuts = Optional.empty();
        JsonNode chains = api.own("GET", AuditExport.CHAINS, Optional.empty()).body();
        for (JsonNode node : chains.path("nodes")) {
            Optional<Instant> begin = first(api, Answer.text(node, "name"));
            first = earlier(first, begin);
            if (node.has("cutAtCheckpoint")) {
                behindCuts = later(behindCuts, begin);
            }
        }
        return behindCuts.isPresent() ? behindCuts : first;
    }

    private static Optional<Instant> first(Api api, String node) {
        JsonNode page = api.own("GET", AuditExport.chain(node) + "/records?$top=1", Optional.empty())
                .body();
        for (JsonNode oldest : page.path("value")) {
            return Optional.of(Instant.parse(Answer.text(oldest, "at")));
        }
        return Optional.empty();
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.filter(t -> other.filter(t::isAfter).isEmpty()).or(() -> other);
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.filter(t -> other.filter(t::isBefore).isEmpty()).or(() -> other);
    }
}
