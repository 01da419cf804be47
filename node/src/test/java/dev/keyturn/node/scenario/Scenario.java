package dev.keyturn.node.scenario;

import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of what happens in one {@link World}, which is new for each. */
abstract class Scenario {
    @TempDir
    Path directory;

    TestDatabase database;
    World world;

    @BeforeEach
    void openWorld() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        world = World.fresh(database);
    }

    @AfterEach
    void closeWorld() {
        database.close();
    }
}
