package dev.keyturn.store.engine;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The rows of a query, one at a time; each is read column after column, in the order of the select list. For the thread of its query. */
public final class Row {
    private final ResultSet row;

    /** A page of artifacts names one set, and each VM several times: an id that is read again is the same. */
    private final Map<String, ArmId> ids = new HashMap<>();

    private int column;

    Row(ResultSet row) {
        this.row = row;
    }

    /** From the first column on: the result set has moved on to another row. */
    Row fromTheFirst() {
        column = 0;
        return this;
    }

    public String text() throws SQLException {
        String text = row.getString(++column);
        if (text == null) {
            throw new IllegalStateException("column " + row.getMetaData().getColumnName(column) + " is NULL");
        }
        return text;
    }

    public Optional<String> optionalText() throws SQLException {
        return Optional.ofNullable(row.getString(++column));
    }

    /** Passes over so many columns. */
    public void skip(int columns) {
        column += columns;
    }

    public long number() throws SQLException {
        return row.getLong(++column);
    }

    public Optional<Long> optionalNumber() throws SQLException {
        long number = row.getLong(++column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    public int integer() throws SQLException {
        return row.getInt(++column);
    }

    public Optional<Integer> optionalInteger() throws SQLException {
        return optionalNumber().map(Math::toIntExact);
    }

    /** Of a number, or of what the database takes for a truth by itself. */
    public boolean truth() throws SQLException {
        return row.getBoolean(++column);
    }

    public byte[] bytes() throws SQLException {
        byte[] bytes = row.getBytes(++column);
        if (bytes == null) {
            throw new IllegalStateException("column " + row.getMetaData().getColumnName(column) + " is NULL");
        }
        return bytes;
    }

    public Optional<byte[]> optionalBytes() throws SQLException {
        return Optional.ofNullable(row.getBytes(++column));
    }

    public Instant time() throws SQLException {
        return Instant.ofEpochMilli(number());
    }

    public Optional<Instant> optionalTime() throws SQLException {
        return optionalNumber().map(Instant::ofEpochMilli);
    }

    public UUID uuid() throws SQLException {
        return UUID.fromString(text());
    }

    public <E extends Enum<E>> E constant(Class<E> type) throws SQLException {
        return Enum.valueOf(type, text());
    }

    public ArmId armId() throws SQLException {
        return armId(text());
    }

    public Optional<ArmId> optionalArmId() throws SQLException {
        return optionalText().map(this::armId);
    }

    public KeyId keyId() throws SQLException {
        return KeyId.stored(text());
    }

    public OperationId operationId() throws SQLException {
        return new OperationId(uuid());
    }

    public Optional<OperationId> optionalOperationId() throws SQLException {
        return optionalText().map(UUID::fromString).map(OperationId::new);
    }

    public SetKeyId setKeyId() throws SQLException {
        return new SetKeyId(uuid());
    }

    public PrincipalId principal() throws SQLException {
        return new PrincipalId(uuid());
    }

    /** An id as {@link ArmId#toString} wrote it. */
    private ArmId armId(String text) {
        return ids.computeIfAbsent(text, Row::parseArmId);
    }

    private static ArmId parseArmId(String text) {
        return ArmId.parse(text)
                .orElseThrow(() -> new IllegalStateException("not a resource id: " + text + ": "
                        + ArmId.problem(text).orElseThrow()));
    }
}
