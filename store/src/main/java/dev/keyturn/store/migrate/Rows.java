package dev.keyturn.store.migrate;

import dev.keyturn.store.engine.BareDatabase;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads tables, row by row in the order of their primary keys: a table may be larger than the memory. */
final class Rows {
    private static final int FETCHED_AT_ONCE = 1000;

    private Rows() {}

    interface Taker {
        void take(List<Cell> row) throws SQLException, CopyException;
    }

    /** @throws CopyException where a value is of another type than its column, which SQLite allows */
    static void read(BareDatabase database, TableShape table, Taker taker) throws SQLException, CopyException {
        boolean embedded = database.kind() == BareDatabase.Kind.EMBEDDED;
        try (Statement statement = database.connection().createStatement()) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet rows = statement.executeQuery(embedded ? embedded(table) : plain(table))) {
                while (rows.next()) {
                    List<Cell> row = new ArrayList<>(table.types().size());
                    for (String column : table.columns()) {
                        int place = row.size() + 1;
                        if (embedded) {
                            requireType(
                                    table, column, rows.getString(table.types().size() + place));
                        }
                        row.add(cell(table, column, rows, place, embedded));
                    }
                    taker.take(row);
                }
            }
        }
    }

    /** All that a table has, as a sum. */
    static TableSum sum(BareDatabase database, TableShape table) throws SQLException, CopyException {
        TableSum.Growing sum = new TableSum.Growing(table);
        read(database, table, sum::add);
        return sum.now();
    }

    private static String plain(TableShape table) {
        return "SELECT " + table.columns().stream().map(TableShape::quoted).collect(Collectors.joining(", ")) + " FROM "
                + TableShape.quoted(table.name()) + table.orderBy();
    }

    /** Text as its bytes, so that bytes that are no text are found; then the type of each value. */
    private static String embedded(TableShape table) {
        List<String> selected = new ArrayList<>();
        for (String column : table.columns()) {
            String quoted = TableShape.quoted(column);
            selected.add(table.type(column) == ColumnType.TEXT ? "CAST(" + quoted + " AS BLOB)" : quoted);
        }
        table.columns().forEach(column -> selected.add("typeof(" + TableShape.quoted(column) + ")"));
        return "SELECT " + String.join(", ", selected) + " FROM " + TableShape.quoted(table.name()) + table.orderBy();
    }

    private static void requireType(TableShape table, String column, String is) throws CopyException {
        String should = switch (table.type(column)) {
            case NUMBER -> "integer";
            case TEXT -> "text";
            case BYTES -> "blob";
        };
        if (!is.equals(should) && !is.equals("null")) {
            throw new CopyException("The table " + table.name() + " has a value of type " + is + " in its column "
                    + column + ", which is for " + should + ".");
        }
    }

    private static Cell cell(TableShape table, String column, ResultSet rows, int place, boolean embedded)
            throws SQLException, CopyException {
        ColumnType type = table.type(column);
        return switch (type) {
            case NUMBER -> {
                long value = rows.getLong(place);
                yield rows.wasNull() ? new Cell.Nothing(type) : new Cell.Whole(value);
            }
            case BYTES ->
                Optional.ofNullable(rows.getBytes(place))
                        .<Cell>map(Cell.Bytes::new)
                        .orElse(new Cell.Nothing(type));
            case TEXT -> {
                if (embedded) {
                    Optional<byte[]> bytes = Optional.ofNullable(rows.getBytes(place));
                    yield bytes.isEmpty() ? new Cell.Nothing(type) : new Cell.Text(text(table, column, bytes.get()));
                }
                yield Optional.ofNullable(rows.getString(place))
                        .<Cell>map(Cell.Text::new)
                        .orElse(new Cell.Nothing(type));
            }
        };
    }

    private static String text(TableShape table, String column, byte[] bytes) throws CopyException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // told below
        }
        throw new CopyException("The table " + table.name() + " has bytes in its column " + column
                + " that are no text: the database is damaged, or was changed by another program.");
    }
}
