package dev.keyturn.cli.audit;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the chains of a running server as lines of JSON: a header with the names of the nodes and the public key; of
 * each node its records in their order, each checkpoint behind the record that it vouches for; a last line that counts. Good for one export, by one thread.
 */
public final class AuditExport {
    static final String CHAINS = "/keyturn/audit/chains";

    private final Api api;
    private final Optional<Instant> since;
    private final Consumer<String> out;
    private long lines;

    /**
     * @param since begins at each node's last checkpoint before that time; at its first record where it is absent
     * @param out takes one line at a time, without its end
     */
    public AuditExport(Api api, Optional<Instant> since, Consumer<String> out) {
        this.api = api;
        this.since = since;
        this.out = out;
    }

    /** How many records there are in it. */
    public long write() {
        ObjectNode chains = api.own("GET", CHAINS, Optional.empty()).body();
        ObjectNode header = Json.object().put("format", ExportLines.FORMAT);
        header.put("server", api.env().server().toString());
        header.put("exportedAt", Clock.systemUTC().instant().toString());
        since.ifPresent(t -> header.put("since", t.toString()));
        header.set("keys", chains.path("keys"));
        header.set("nodes", chains.path("nodes"));
        line(header);
        long records = 0;
        for (JsonNode node : chains.path("nodes")) {
            records +=
                    node(Answer.text(node, "name"), node.path("cutAtCheckpoint").asLong(0));
        }
        line(Json.object().set("end", Json.object().put("lines", lines)));
        return records;
    }

    /** Where the chain of a node is. */
    static String chain(String node) {
        return CHAINS + "/" + URLEncoder.encode(node, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private long node(String name, long cut) {
        String at = chain(name);
        Deque<JsonNode> checkpoints = new ArrayDeque<>();
        api.ownPages(at + "/checkpoints", checkpoints::add);
        long begin = begin(checkpoints, cut);
        long after = 0;
        while (!checkpoints.isEmpty() && checkpoints.getFirst().path("number").asLong() <= begin) {
            JsonNode passed = checkpoints.removeFirst();
            after = passed.path("sequence").asLong();
            line("checkpoint", passed);
        }
        if (begin > 0) {
            ObjectNode said = Json.object().put("node", name).put("checkpoint", begin);
            line("begin", said.put("because", begin == cut ? "retention" : "since"));
        }
        long[] records = {0};
        api.ownPages(at + "/records?after=" + after, record -> {
            line("record", record);
            records[0]++;
            while (!checkpoints.isEmpty()
                    && checkpoints.getFirst().path("sequence").asLong()
                            <= record.path("sequence").asLong()) {
                line("checkpoint", checkpoints.removeFirst());
            }
        });
        checkpoints.forEach(c -> line("checkpoint", c));
        return records[0];
    }

    /** The number of the checkpoint behind which the node's records begin here; 0 for the first of them all. */
    private long begin(Deque<JsonNode> checkpoints, long cut) {
        long begin = cut;
        for (JsonNode c : checkpoints) {
            Instant at = Instant.parse(Answer.text(c, "at"));
            if (since.filter(at::isBefore).isPresent()) {
                begin = Math.max(begin, c.path("number").asLong());
            }
        }
        return begin;
    }

    private void line(String kind, JsonNode content) {
        line(Json.object().set(kind, content));
    }

    private void line(JsonNode content) {
        out.accept(Json.text(content));
        lines++;
    }
}
