package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5: a rotation that is killed before or after any of its writes ends by itself as if nothing had happened. */
class RotationKillTest {
    private static final int VMS = 3;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R5_killedAtEveryWrite_resumesAndFinishes(boolean afterCommit) {
        FakeVault vault = new FakeVault();
        FakeHost host = new FakeHost();
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            Engine engine = new Engine(database, vault, host, Clock.systemUTC());
            KeyId active = vault.create(0);
            ArmId set = engine.createSet("des", active);
            for (int i = 0; i < VMS; i++) {
                new Fleet(engine).add(set, "vm" + i, false);
            }
            int n = 0;
            boolean killed = true;
            while (killed) {
                n++;
                KeyId target = vault.create(n);
                killed = killedAt(engine, n, afterCommit, set, target);
                boolean begun = engine(database, vault, host).rotations.history(Engine.WHO, set, 1).stream()
                        .anyMatch(r -> r.rotation().to().equals(target));
                engine = engine(database, vault, host);
                engine.resume();
                if (begun) {
                    active = target;
                }
                assertThat(engine.set(set).activeKey())
                        .as("kill at write %d", n)
                        .isEqualTo(active);
                assertThat(engine.set(set).rotation()).isEmpty();
                assertThat(engine.set(set).head().state()).isEqualTo(ProvisioningState.SUCCEEDED);
                assertThat(engine.keys(set).values()).hasSize(3 * VMS).containsOnly(active);
                assertThat(engine.unopenable(set)).isEmpty();
            }
            // begin, claim, set key, one per batch, end: it was killed at each of them
            assertThat(n).isGreaterThan(3 + 3 * VMS / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R5_killedAtEveryWriteWithAStuckArtifact_failsWithTheSameTruth(boolean afterCommit) {
        FakeVault vault = new FakeVault();
        FakeHost host = new FakeHost();
        try (TestDatabase database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS)) {
            Engine engine = new Engine(database, vault, host, Clock.systemUTC());
            KeyId active = vault.create(0);
            ArmId set = engine.createSet("des", active);
            for (int i = 0; i < VMS; i++) {
                new Fleet(engine).add(set, "vm" + i, false);
            }
            ArtifactId stuck = engine.artifacts(set).get(4).id();
            host.refused.add(stuck);
            int n = 0;
            boolean killed = true;
            while (killed) {
                n++;
                KeyId target = vault.create(n);
                killed = killedAt(engine, n, afterCommit, set, target);
                engine = engine(database, vault, host);
                boolean begun = engine.rotations.history(Engine.WHO, set, 1).stream()
                        .anyMatch(r -> r.rotation().to().equals(target));
                engine.resume();
                assertThat(engine.set(set).activeKey()).isEqualTo(active);
                assertThat(engine.set(set).rotation()).isEmpty();
                assertThat(engine.keys(set)).containsEntry(stuck, active);
                if (begun) {
                    assertThat(engine.set(set).head().state()).isEqualTo(ProvisioningState.FAILED);
                    assertThat(engine.keys(set).values().stream().filter(target::equals))
                            .hasSize(3 * VMS - 1);
                }
                assertThat(engine.unopenable(set)).isEmpty();
            }
        }
    }

    private static Engine engine(TestDatabase database, FakeVault vault, FakeHost host) {
        return new Engine(database, vault, host, Clock.systemUTC());
    }

    /** Whether the rotation was killed; false where it ended before its n-th write. */
    private static boolean killedAt(Engine engine, int n, boolean afterCommit, ArmId set, KeyId target) {
        engine.transactions.killAtWrite(n, afterCommit);
        try {
            assertThat(engine.rotate(set, target).running()).isFalse();
            return false;
        } catch (KillableTransactions.Killed e) {
            return true;
        }
    }
}
