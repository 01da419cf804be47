package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotation is told of longer than its operation is kept, and one that failed never turns into one that succeeded. */
class ForgottenRotationTest {
    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();
    private TestDatabase database;
    private Engine engine;
    private KeyId next;
    private ArmId set;

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        engine = new Engine(database, vault, new FakeHost(), Clock.systemUTC());
        KeyId old = vault.create(1);
        next = vault.create(2);
        set = engine.createSet("set", old);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Account forgotten() {
        int rows = engine.transactions.write(tx -> engine.stores
                .operations()
                .forgetEndedBefore(tx, Clock.systemUTC().instant().plus(Duration.ofDays(1))));
        assertThat(rows).isEqualTo(1);
        Account account = engine.rotations.history(Engine.WHO, set, 1).getFirst();
        assertThat(account.operation()).isEmpty();
        return account;
    }

    @Test
    void thatFailedAsAWhole_withNothingCounted_isNotTakenForOneThatSucceeded() {
        engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, next));
        vault.enable(next, false);
        engine.runAll();

        Account account = forgotten();

        assertThat(account.rotation().failed()).isZero();
        assertThat(account.status()).isEqualTo(OperationStatus.FAILED);
    }

    @Test
    void thatFailedWithItsNewKeyStored_isNotTakenForOneThatSucceeded() {
        var begun = engine.rotations.begin(Engine.WHO, KeyChange.Request.of(set, next));
        var principal = engine.set(set).principal();
        engine.transactions.run(tx -> {
            var rotation = engine.stores.rotations().find(tx, begun.id()).orElseThrow();
            var key = engine.setKeys.keep(tx, engine.setKeys.mint(set, next, principal));
            engine.stores.rotations().update(tx, rotation.under(key.id(), 0));
        });
        vault.enable(next, false);
        engine.runAll();

        assertThat(forgotten().status()).isEqualTo(OperationStatus.FAILED);
    }

    @Test
    void thatSucceeded_stillCountsAsThat() {
        assertThat(engine.rotate(set, next).status()).isEqualTo(OperationStatus.SUCCEEDED);

        assertThat(forgotten().status()).isEqualTo(OperationStatus.SUCCEEDED);
    }
}
