package dev.keyturn.bench;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SimulatedMachines;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.software.SoftwareKeyBackend;
import dev.keyturn.node.BootTime;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.Services;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.engine.SqliteDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The rotation engine as the server wires it, on a database, a simulated host and software keys, without HTTP. */
final class Engine implements AutoCloseable {
    private static final Call WHO = Call.server(Call.SERVER, new UUID(0, 1));

    static final String HOST = "simulated";

    final SecureRandom random = new SecureRandom();
    final Clock clock = Clock.systemUTC();
    final SqliteDatabase database;
    final SqlStores stores = SqlStores.create();
    final SimulatedMachines machines = new SqlSimulatedMachines();
    final SimulatedHost host;
    final CountingVault vault;
    final SetKeys setKeys;
    final SoftwareKeyBackend backend;
    private final Node node;

    Engine(Path directory) {
        byte[] root = new byte[32];
        random.nextBytes(root);
        MasterKey master = MasterKey.of(root, random);
        backend = new SoftwareKeyBackend(master, random);
        database = SqliteDatabase.open(directory, SimulatedTables.MIGRATIONS);
        vault = new CountingVault(backend);
        Faults faults = new Faults(database, new SqlFaultStore());
        host = new SimulatedHost(
                HOST, Duration.ofSeconds(10), database, machines, faults, stores.vms(), stores.artifacts());
        node = new NodeBuilder(
                        database,
                        stores,
                        master,
                        clock,
                        SeenTime.open(database, stores.settings(), clock, new BootTime()))
                .named("bench")
                .backends(KeyBackends.of(backend))
                .hosts(List.of(host))
                .customerKeys(vault)
                .random(random)
                .open();
        setKeys = node.services().setKeys();
        node.runner().start();
    }

    Services services() {
        return node.services();
    }

    /** Rotates the set as a client would: saves the key, polls the operation; returns its end. */
    Operation rotate(ArmId set, KeyId to) {
        Operation asked = node.services().rotations().begin(WHO, KeyChange.Request.of(set, to));
        while (true) {
            Operation now = node.services().operations().find(asked.id()).orElseThrow();
            if (now.status() != OperationStatus.IN_PROGRESS) {
                return now;
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    @Override
    public void close() {
        node.close();
        database.close();
        backend.close();
    }
}
