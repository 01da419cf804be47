package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.OtherStores;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often a request reads what it is about (docs/adr/0008, "Walks"). What was read is passed on; it is read again only
 * inside the transaction that writes, because it may have changed until then.
 */
class WalkTest {
    @TempDir
    Path directory;

    private final Map<Class<?>, Integer> reads = new HashMap<>();
    private TestDatabase database;
    private World world;
    private KeyId key;
    private ArmId set;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        SqlStores stores = database.stores();
        stores = OtherStores.with(stores, DiskSetStore.class, counted(DiskSetStore.class, stores.diskSets()));
        stores = OtherStores.with(stores, VmStore.class, counted(VmStore.class, stores.vms()));
        stores = OtherStores.with(stores, SetKeyStore.class, counted(SetKeyStore.class, stores.setKeys()));
        world = World.fresh(database, stores);
        key = world.vault.create(1);
        set = world.set("des", key);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private <T> T counted(Class<T> port, T store) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (_, method, arguments) -> {
                    if (method.getName().equals("find")) {
                        reads.merge(port, 1, Integer::sum);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private int reads(Class<?> port) {
        return reads.getOrDefault(port, 0);
    }

    @Test
    void patchOfASetsKey_readsTheSetOnceBeforeTheTransaction_andOnceInIt() {
        world.stoppedVm("a", Optional.of(set));
        KeyId next = world.vault.create(2);
        reads.clear();
        Operation begun = world.sets
                .change(
                        World.WHO,
                        set,
                        Precondition.NONE,
                        (SetView now) -> Specs.set(now.set().id(), next))
                .operation();
        assertThat(reads(DiskSetStore.class)).isEqualTo(2);
        assertThat(world.finish(begun).error()).isEmpty();
    }

    @Test
    void startOfAVm_readsItOnceBeforeTheTransaction_onceInIt_andEachSetKeyOnce() {
        ArmId vm = world.stoppedVm("a", Optional.of(set));
        reads.clear();
        Operation begun = world.power.start(World.WHO, vm).operation();
        assertThat(reads(VmStore.class)).isEqualTo(2);
        assertThat(reads(SetKeyStore.class)).isEqualTo(1);
        assertThat(world.finish(begun).error()).isEmpty();
        // the operation reads it to start it, and in the transaction that ends it
        assertThat(reads(VmStore.class)).isEqualTo(4);
        assertThat(reads(SetKeyStore.class)).isEqualTo(2);
    }
}
