package dev.keyturn.cli;

import dev.keyturn.json.Json;
import dev.keyturn.server.database.Migration;
import dev.keyturn.store.migrate.TableResult;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What came of a move, and what is to be done next. */
record MigrationReport(Migration.Outcome outcome, String from, String to, boolean toServer) {
    private static final String LINE = "%-24s %10s  %-16s  %s";
    private static final int DIGITS = 16;
    private static final String FILES =
            "ca.key and ca.pem, or clients must be told another CA; client.env; the images.";
    private static final String LIBVIRT =
            "VMs on a libvirt host stay where they are: start the server, or a node, on that machine.";

    void text(PrintWriter out) {
        if (!outcome.tables().isEmpty()) {
            out.println(LINE.formatted("TABLE", "ROWS", "SHA-256", "AGREES"));
        }
        for (TableResult table : outcome.tables()) {
            out.println(LINE.formatted(
                    table.table(),
                    table.from().rows(),
                    table.from().digest().substring(0, DIGITS),
                    table.agrees()
                            ? "yes"
                            : "NO: " + table.to().rows() + " rows, "
                                    + table.to().digest().substring(0, DIGITS) + " in the copy"));
        }
        next().forEach(out::println);
    }

    ObjectNode json() {
        ObjectNode document = Json.object()
                .put("moved", outcome.done().isPresent())
                .put("installation", outcome.installation())
                .put("from", from)
                .put("to", to);
        outcome.done().ifPresent(at -> document.put("at", at.toString()));
        ArrayNode tables = document.putArray("tables");
        for (TableResult table : outcome.tables()) {
            tables.addObject()
                    .put("table", table.table())
                    .put("rows", table.from().rows())
                    .put("rowsInCopy", table.to().rows())
                    .put("sha256", table.from().digest())
                    .put("sha256InCopy", table.to().digest())
                    .put("agrees", table.agrees());
        }
        ArrayNode next = document.putArray("next");
        next().forEach(next::add);
        return document;
    }

    private List<String> next() {
        if (outcome.done().isEmpty()) {
            return List.of(
                    "NOT moved: tables differ. Something else wrote to " + to + ". Make it empty, and run the command"
                            + " again. No server starts on it. " + (toServer ? from + " is as it was." : ""));
        }
        String moved = "The installation " + outcome.installation() + " was moved to " + to + " on "
                + outcome.done().get()
                + (outcome.tables().isEmpty() ? ", by an earlier run: nothing was done now." : ".")
                + " No server starts on " + from + " any more.";
        return toServer
                ? List.of(
                        moved,
                        "The database has no key that opens it. Carry to each node, over a way that you trust: master.key; "
                                + FILES,
                        LIBVIRT,
                        "Keep " + from + " until you have a backup of the database and of master.key.")
                : List.of(
                        moved,
                        "Before the first start, " + to + " needs master.key of the nodes, which opens the database; "
                                + FILES,
                        LIBVIRT);
    }
}
