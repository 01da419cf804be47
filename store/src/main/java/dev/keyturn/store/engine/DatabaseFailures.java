package dev.keyturn.store.engine;

import java.sql.SQLException;
import java.util.Optional;

/** What a failure of the database means to the core. One for each kind of database. */
interface DatabaseFailures {
    /**
     * {@code Unavailable} where trying again may help (no space, an I/O error, a lock), {@link IllegalStateException}
     * where the program asked for what the schema forbids.
     */
    RuntimeException translate(SQLException failure);

    /** What a person is told, where the failure is about the database and not about the program. */
    Optional<String> meaning(SQLException failure);
}
