package dev.keyturn.store.engine;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** A database that a schema is brought to. */
interface SchemaTarget {
    /** What people are told it is: a path, or an address without anything secret. */
    String name();

    DataSource dataSource();

    /** What this kind of database calls the things that the migrations leave open. */
    Map<String, String> placeholders();

    DatabaseFailures failures();

    /** @throws CannotOpenDatabaseException where a migration would not have the space it needs */
    void requireSpace() throws IOException;

    /**
     * Asked before a migration.
     *
     * @param next the version that the schema is to have
     * @throws CannotOpenDatabaseException where a program is at work that knows an older one alone
     */
    default void requireNoOlderProgram(long next) throws SQLException {}
}
