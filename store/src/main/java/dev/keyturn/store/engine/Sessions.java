package dev.keyturn.store.engine;

import java.sql.SQLException;

/** How a kind of database is connected to, and what its failures mean. Thread-safe. */
interface Sessions {
    /** A session for the thread that writes. */
    Session writer() throws SQLException;

    /** A session whose transactions see one state of the database and change nothing. */
    Session reader() throws SQLException;

    DatabaseFailures failures();

    /**
     * What became of the commit over which a writer's session was lost; it is closed by now. May take a while, because
     * the database may have to be waited for.
     */
    Fate fate(Session lost);

    /** Of a commit that was answered with a failure, or not at all. */
    enum Fate {
        MADE,
        NOT_MADE,
        UNKNOWN
    }
}
