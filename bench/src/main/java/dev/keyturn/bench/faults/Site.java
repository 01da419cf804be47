package dev.keyturn.bench.faults;

import dev.keyturn.cli.client.Api;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Where a round takes place: the directories of its nodes and their store, which each round finds as the first did. */
interface Site extends AutoCloseable {
    /** How many nodes there are. */
    int nodes();

    /** Begins to start a node, and does not wait. */
    ServerProcess begin(int node, ServerProcess.Around around) throws IOException;

    /** As a client reaches the node; close it. */
    Api api(int node);

    /** Keeps the store as it is, while nothing runs, as that which each round begins with. */
    void keepAsBegin() throws IOException, InterruptedException;

    /** Makes everything as it was kept; nothing runs meanwhile. */
    void reset() throws IOException, InterruptedException;

    /**
     * A look at the store that takes part in nothing: of one state for each statement. While nodes run, or while none
     * does; close it before the last node stops.
     */
    Connection look() throws SQLException;

    /** A look at a copy of the store as it is now; where it is a file, no node may run. */
    Connection lookAtCopy(Path to) throws IOException, SQLException;

    byte[] masterKey() throws IOException;

    /** Where a node's standard error goes. */
    Path log(int node);

    /** Puts what there is to see into a directory. */
    void evidence(Path to) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
