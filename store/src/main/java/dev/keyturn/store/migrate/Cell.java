package dev.keyturn.store.migrate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/**
 * One value of a row. How it is summed is the same for every database: a byte that says what it is, then 8 bytes of a
 * number, or the length in 8 bytes and the bytes; text is UTF-8.
 */
sealed interface Cell {
    void bind(PreparedStatement statement, int place) throws SQLException;

    void addTo(MessageDigest digest);

    record Nothing(ColumnType type) implements Cell {
        @Override
        public void bind(PreparedStatement statement, int place) throws SQLException {
            statement.setNull(
                    place,
                    switch (type) {
                        case NUMBER -> Types.BIGINT;
                        case TEXT -> Types.VARCHAR;
                        case BYTES -> Types.BINARY;
                    });
        }

        @Override
        public void addTo(MessageDigest digest) {
            digest.update((byte) 0);
        }
    }

    record Whole(long value) implements Cell {
        @Override
        public void bind(PreparedStatement statement, int place) throws SQLException {
            statement.setLong(place, value);
        }

        @Override
        public void addTo(MessageDigest digest) {
            digest.update((byte) 1);
            digest.update(ByteBuffer.allocate(8).putLong(value).flip());
        }
    }

    record Text(String value) implements Cell {
        @Override
        public void bind(PreparedStatement statement, int place) throws SQLException {
            statement.setString(place, value);
        }

        @Override
        public void addTo(MessageDigest digest) {
            sum(digest, (byte) 2, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Its own, from when it was read. */
    final class Bytes implements Cell {
        private final byte[] value;

        Bytes(byte[] value) {
            this.value = value;
        }

        @Override
        public void bind(PreparedStatement statement, int place) throws SQLException {
            statement.setBytes(place, value);
        }

        @Override
        public void addTo(MessageDigest digest) {
            sum(digest, (byte) 3, value);
        }
    }

    private static void sum(MessageDigest digest, byte what, byte[] bytes) {
        digest.update(what);
        digest.update(ByteBuffer.allocate(8).putLong(bytes.length).flip());
        digest.update(bytes);
    }
}
