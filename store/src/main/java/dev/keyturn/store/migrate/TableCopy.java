package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Copies tables of one database to another, in batches of a transaction each. What the other has already is compared and
 * never written again: the rows of a table are there up to some row, or they differ and nothing is done.
 */
record TableCopy(BareDatabase from, BareDatabase to, Plan plan, Progress progress) {
    private static final int BATCH = 1000;

    /** Sums of all tables, in the order of the plan. */
    static List<TableSum> sums(BareDatabase database, Plan plan) throws SQLException, CopyException {
        List<TableSum> sums = new ArrayList<>();
        for (TableShape table : plan.tables()) {
            sums.add(Rows.sum(database, table));
        }
        return sums;
    }

    /**
     * Copies what is missing.
     *
     * @param source what each table has where it comes from
     * @throws CopyException where the copy has a row that is not the source's, or the source changed meanwhile
     */
    void copy(List<TableSum> source) throws SQLException, CopyException {
        to.connection().setAutoCommit(false);
        try {
            for (int i = 0; i < source.size(); i++) {
                copy(plan.tables().get(i), source.get(i));
            }
            number();
            to.connection().commit();
        } finally {
            to.connection().rollback();
            to.connection().setAutoCommit(true);
        }
    }

    private void copy(TableShape table, TableSum source) throws SQLException, CopyException {
        TableSum there = Rows.sum(to, table);
        to.connection().commit();
        if (there.equals(source)) {
            return;
        }
        if (there.rows() >= source.rows()) {
            throw new CopyException(other(new TableResult(source, there)));
        }
        TableSum.Growing read = new TableSum.Growing(table);
        try (PreparedStatement insert = to.connection().prepareStatement(insert(table))) {
            Rows.read(from, table, row -> {
                if (read.rows() == there.rows() && !read.now().equals(there)) {
                    throw new CopyException(other(new TableResult(source, there)));
                }
                read.add(row);
                if (read.rows() > there.rows()) {
                    for (int i = 0; i < row.size(); i++) {
                        row.get(i).bind(insert, i + 1);
                    }
                    insert.addBatch();
                    if ((read.rows() - there.rows()) % BATCH == 0) {
                        flush(insert, table, read.rows(), source.rows());
                    }
                }
            });
            if (!read.now().equals(source)) {
                throw new CopyException("The table " + table.name() + " changed in " + from.name()
                        + " while it was copied: something still writes there. Stop it, and run the command again.");
            }
            flush(insert, table, read.rows(), source.rows());
        }
    }

    private void flush(PreparedStatement insert, TableShape table, long copied, long of) throws SQLException {
        insert.executeBatch();
        to.connection().commit();
        progress.batch(table.name(), copied, of);
    }

    private String other(TableResult result) {
        return result.difference() + " Something else wrote to " + to.name()
                + ", so nothing in there is believed. Make it empty, and run the command again.";
    }

    private static String insert(TableShape table) {
        return "INSERT INTO " + TableShape.quoted(table.name()) + " ("
                + table.columns().stream().map(TableShape::quoted).collect(Collectors.joining(", ")) + ") VALUES ("
                + table.columns().stream().map(_ -> "?").collect(Collectors.joining(", ")) + ")";
    }

    /** PostgreSQL gives the next row without a number one behind all that are there; SQLite does so by itself. */
    private void number() throws SQLException {
        if (to.kind() != BareDatabase.Kind.POSTGRESQL) {
            return;
        }
        for (TableShape table : plan.tables()) {
            for (String column : table.columns()) {
                number(table, column);
            }
        }
    }

    private void number(TableShape table, String column) throws SQLException {
        try (PreparedStatement ask = to.connection().prepareStatement("SELECT pg_get_serial_sequence(?, ?)")) {
            ask.setString(1, TableShape.quoted(table.name()));
            ask.setString(2, column);
            try (ResultSet row = ask.executeQuery()) {
                if (row.next() && row.getString(1) != null) {
                    try (Statement set = to.connection().createStatement()) {
                        set.execute("SELECT setval('" + row.getString(1).replace("'", "''") + "', coalesce(max("
                                + TableShape.quoted(column) + "), 0) + 1, false) FROM "
                                + TableShape.quoted(table.name()));
                    }
                }
            }
        }
    }
}
