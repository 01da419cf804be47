package dev.keyturn.store.migrate;

import java.util.List;

/** One table on both sides, after the copy. */
public record TableResult(TableSum from, TableSum to) {
    public String table() {
        return from.table();
    }

    /** The same rows, each of them the same. */
    public boolean agrees() {
        return from.equals(to);
    }

    /** One digest of all tables where they come from. */
    public static String digest(List<TableResult> tables) {
        return TableSum.ofAll(tables.stream().map(TableResult::from).toList());
    }

    /** In a sentence how they differ. */
    String difference() {
        return "The table " + from.table() + " differs: " + from.rows() + " rows ("
                + from.digest().substring(0, 16) + ") where it comes from, " + to.rows() + " ("
                + to.digest().substring(0, 16) + ") in the copy.";
    }
}
