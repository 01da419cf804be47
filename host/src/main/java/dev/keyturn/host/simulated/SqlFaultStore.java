package dev.keyturn.host.simulated;

import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rows of {@code simhost_fault}. */
public final class SqlFaultStore implements FaultStore {
    private static final String SELECT =
            "SELECT id, kind, vm, disk, artifact, host_call, delay_ms, times FROM simhost_fault";

    @Override
    public List<Fault> all(Tx tx) {
        return SqlTx.of(tx).list(SELECT + " ORDER BY id", SqlFaultStore::read);
    }

    @Override
    public Optional<Fault> find(Tx tx, String id) {
        return SqlTx.of(tx).one(SELECT + " WHERE id = ?", SqlFaultStore::read, id);
    }

    @Override
    public void put(Tx tx, Fault fault) {
        delete(tx, fault.id());
        SqlTx.of(tx)
                .update(
                        "INSERT INTO simhost_fault (id, kind, vm, disk, artifact, host_call, delay_ms, times)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        fault.id(),
                        fault.kind(),
                        fault.vm(),
                        fault.disk(),
                        fault.artifact(),
                        fault.call(),
                        fault.delay().map(Duration::toMillis),
                        fault.times());
    }

    @Override
    public Hit remove(Tx tx, String id) {
        return Hit.of(delete(tx, id) == 1);
    }

    private static int delete(Tx tx, String id) {
        return SqlTx.of(tx).update("DELETE FROM simhost_fault WHERE id = ?", id);
    }

    @Override
    public void removeAll(Tx tx) {
        SqlTx.of(tx).update("DELETE FROM simhost_fault");
    }

    private static Fault read(Row row) throws SQLException {
        return new Fault(
                row.text(),
                row.constant(FaultKind.class),
                row.optionalText(),
                row.optionalText(),
                row.optionalText().map(ArtifactKind::valueOf),
                row.optionalText().map(HostCall::valueOf),
                row.optionalNumber().map(Duration::ofMillis),
                row.optionalNumber());
    }
}
