package dev.keyturn.store.migrate;

import java.util.Locale;
import java.util.Optional;

/** What a column can hold. The migrations have no other types. */
enum ColumnType {
    NUMBER,
    TEXT,
    BYTES;

    /** By the name that either database has for it; empty where it is none of these. */
    static Optional<ColumnType> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "bigint", "integer" -> Optional.of(NUMBER);
            case "text" -> Optional.of(TEXT);
            case "bytea", "blob" -> Optional.of(BYTES);
            default -> Optional.empty();
        };
    }
}
