package dev.keyturn.store.migrate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How many rows a table has, and SHA-256 over its name, the names of its columns and all of its rows, by primary key.
 *
 * @param digest 64 hexadecimal digits
 */
public record TableSum(String table, long rows, String digest) {
    /** One digest of several tables, in this order. */
    static String ofAll(List<TableSum> sums) {
        MessageDigest digest = sha256();
        for (TableSum sum : sums) {
            digest.update((sum.table + " " + sum.rows + " " + sum.digest + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A sum that grows row by row. Not thread-safe. */
    static final class Growing {
        private final String table;
        private final MessageDigest digest = sha256();
        private long rows;

        Growing(TableShape table) {
            this.table = table.name();
            digest.update(
                    (table.name() + " " + String.join(" ", table.columns()) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void add(List<Cell> row) {
            rows++;
            row.forEach(cell -> cell.addTo(digest));
        }

        long rows() {
            return rows;
        }

        /** Of the rows so far. */
        TableSum now() {
            try {
                MessageDigest copy = (MessageDigest) digest.clone();
                return new TableSum(table, rows, HexFormat.of().formatHex(copy.digest()));
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
