package dev.keyturn.server.database;

import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeName;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresPassword;
import java.util.Optional;

/** Where a server keeps what it knows. */
public sealed interface DatabaseChoice {
    /** In its data directory, alone. */
    record Embedded() implements DatabaseChoice {}

    /**
     * On a PostgreSQL server, which other nodes may use too.
     *
     * @param node what this server is called among them
     * @param nodeAddress where they reach it; empty: where it listens
     */
    record Postgresql(
            PostgresAddress address,
            Optional<PostgresPassword> password,
            NodeName node,
            Optional<String> nodeAddress,
            Beside beside)
            implements DatabaseChoice {}
}
