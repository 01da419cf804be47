package dev.keyturn.store;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.Migrations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The kinds of database that tests can run on. Another one is a constant here. */
enum DatabaseKind {
    SQLITE {
        @Override
        TestDatabase open(Path directory, VitalThreads vital, Migrations... modules) {
            return new SqliteTestDatabase(directory, vital, modules);
        }
    },
    POSTGRESQL {
        @Override
        TestDatabase open(Path directory, VitalThreads vital, Migrations... modules) {
            return new PostgresTestDatabase(directory, vital, modules);
        }
    };

    static final String PROPERTY = "keyturn.test.database";

    abstract TestDatabase open(Path directory, VitalThreads vital, Migrations... modules);

    static DatabaseKind chosen() {
        return named(System.getProperty(PROPERTY, SQLITE.word()));
    }

    /** @throws IllegalArgumentException where there is none of this name */
    static DatabaseKind named(String word) {
        return Arrays.stream(values())
                .filter(k -> k.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " is '" + word
                        + "', which is no kind of database. There are: "
                        + Arrays.stream(values()).map(DatabaseKind::word).toList()));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
