package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.ChainVerifier;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was found, for a person or a program. */
public final class Verdict {
    private final ExportVerifier verified;

    public Verdict(ExportVerifier verified) {
        this.verified = verified;
    }

    public boolean whole() {
        return verified.findings().isEmpty();
    }

    public void text(PrintWriter out) {
        verified.findings().forEach(out::println);
        for (ChainVerifier c : verified.chains()) {
            out.println((whole() ? "Whole" : "Read") + ": node '" + ExportVerifier.plain(c.node()) + "', "
                    + count(c.records(), "record") + ", " + count(c.checkpoints(), "checkpoint") + ".");
            c.base()
                    .ifPresent(b -> out.println("  It begins behind record " + b.sequence() + ", which checkpoint "
                            + b.number() + " of " + b.at() + " vouches for"
                            + verified.since()
                                    .map(s -> " (asked for since " + ExportVerifier.plain(s) + ").")
                                    .orElse(": what was before is cut.")));
            c.vouched()
                    .ifPresentOrElse(
                            v -> {
                                out.println("  Signed up to record " + v.sequence() + ", " + v.at() + ".");
                                out.println("  Last checkpoint: node '" + ExportVerifier.plain(v.node()) + "', number "
                                        + v.number() + ", " + v.own().hex() + " (keep it, to compare the next time).");
                            },
                            () -> out.println("  Not signed yet."));
            if (c.unvouched() > 0) {
                out.println("  No signature vouches yet for the newest " + count(c.unvouched(), "record")
                        + ": whether they were altered, invented or cut off does not show.");
            }
        }
        if (verified.chains().isEmpty()) {
            out.println("There are no records.");
        }
        verified.keyIds().forEach(id -> out.println("Key: " + id));
        out.println(whole() ? "The record is whole." : "THE RECORD IS NOT WHOLE.");
    }

    public String json() {
        ObjectNode out = Json.object().put("whole", whole());
        ArrayNode findings = out.putArray("findings");
        verified.findings().forEach(findings::add);
        ArrayNode nodes = out.putArray("nodes");
        for (ChainVerifier c : verified.chains()) {
            ObjectNode node = nodes.addObject()
                    .put("name", c.node())
                    .put("records", c.records())
                    .put("checkpoints", c.checkpoints())
                    .put("unsigned", c.unvouched());
            c.base().ifPresent(b -> node.put("beginsBehind", b.sequence()));
            c.vouched()
                    .ifPresent(v -> node.put("signedUpTo", v.sequence())
                            .put("signedAt", v.at().toString())
                            .put("lastCheckpoint", v.number())
                            .put("lastCheckpointHash", v.own().hex()));
        }
        ArrayNode keys = out.putArray("keys");
        verified.keyIds().forEach(keys::add);
        return Json.pretty(out);
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
