package dev.keyturn.host.simulated;

import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A simulated host on a database of its own, whose delays are written down and not slept. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    final KnownNames names = new KnownNames();
    final List<Duration> slept = new CopyOnWriteArrayList<>();
    final SimulatedMachines machines = new SqlSimulatedMachines();
    private final Path directory;
    TestDatabase database;
    Faults faults;
    SimulatedHost host;

    Rig(Path directory) {
        this.directory = directory;
        this.database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        this.faults = new Faults(database.transactions(), new SqlFaultStore());
        this.host = new SimulatedHost("sim", PATIENCE, database.transactions(), machines, faults, names, slept::add);
    }

    void restart() {
        database.close();
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        faults = new Faults(database.transactions(), new SqlFaultStore());
        host = new SimulatedHost("sim", PATIENCE, database.transactions(), machines, faults, names, slept::add);
    }

    @Override
    public void close() {
        database.close();
    }
}
