package dev.keyturn.bench.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** A fault, as a round has drawn it. */
interface Strike {
    /** What it is and where it strikes, in a few words. */
    String text();

    /** The call to the host that clients should come to first; empty where it does not matter. */
    default Optional<String> toward() {
        return Optional.empty();
    }

    /** Before anything of the round is there. */
    default void before() throws IOException, InterruptedException {}

    /** When nothing of the round runs any more. */
    default void after() throws IOException, InterruptedException {}

    /** Before clients begin, while the servers are up. */
    default void prepare(Stage stage) throws IOException, InterruptedException {}

    /** Beside the clients. Afterwards nodes may be down, and nothing else is left of it. */
    void strike(Stage stage) throws IOException, InterruptedException, SQLException, Stage.StuckException;
}
