package dev.keyturn.store;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationStore;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Arguments;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rotations and the artifacts they could not update. The newest reason of an artifact counts. */
final class SqlRotationStore implements RotationStore {
    private static final String SELECT = "SELECT id, set_display, from_key, to_key, to_vault, deep, requested_by,"
            + " target_key, after_artifact, total, rewrapped, failed, started_at, ended_at FROM rotation";

    @Override
    public void insert(Tx tx, Rotation rotation) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO rotation (id, set_display, set_ref, from_key, to_key, to_vault, deep, requested_by,
                            target_key, after_artifact, total, rewrapped, failed, started_at, ended_at, sequence)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                            (SELECT coalesce(max(sequence), 0) + 1 FROM rotation))""",
                        rotation.id(),
                        rotation.set().toString(),
                        rotation.set(),
                        rotation.from().url(),
                        rotation.to().url(),
                        rotation.toVault().map(ArmId::toString),
                        rotation.deep(),
                        rotation.requestedBy(),
                        rotation.targetKey(),
                        rotation.cursor(),
                        rotation.total(),
                        rotation.rewrapped(),
                        rotation.failed(),
                        rotation.startedAt(),
                        rotation.endedAt());
    }

    @Override
    public Optional<Rotation> find(Tx tx, OperationId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE id = ?", SqlRotationStore::read, id);
    }

    @Override
    public List<Rotation> ofSet(Tx tx, ArmId set, int limit) {
        return SqlTx.of(tx)
                .list(SELECT + " WHERE set_ref = ? ORDER BY sequence DESC LIMIT ?", SqlRotationStore::read, set, limit);
    }

    @Override
    public void update(Tx tx, Rotation rotation) {
        int changed = SqlTx.of(tx)
                .update(
                        """
                        UPDATE rotation SET target_key = ?, after_artifact = ?, total = ?, rewrapped = ?, failed = ?,
                            ended_at = ?
                        WHERE id = ?""",
                        rotation.targetKey(),
                        rotation.cursor(),
                        rotation.total(),
                        rotation.rewrapped(),
                        rotation.failed(),
                        rotation.endedAt(),
                        rotation.id());
        if (changed != 1) {
            throw new IllegalStateException("there is no rotation " + rotation.id());
        }
    }

    @Override
    public void addFailures(Tx tx, OperationId id, List<ImageProblem> failures) {
        SqlTx.of(tx)
                .batch(
                        """
                        INSERT INTO rotation_failure (rotation_id, artifact_id, reason) VALUES (?, ?, ?)
                        ON CONFLICT (rotation_id, artifact_id) DO UPDATE SET reason = excluded.reason""",
                        failures,
                        (statement, failure) -> Arguments.bind(
                                statement, id, failure.artifact(), JsonColumns.ofError(failure.reason())));
    }

    @Override
    public List<ImageProblem> failures(Tx tx, OperationId id, int limit) {
        return SqlTx.of(tx)
                .list(
                        "SELECT artifact_id, reason FROM rotation_failure WHERE rotation_id = ?"
                                + " ORDER BY artifact_id LIMIT ?",
                        row -> new ImageProblem(new ArtifactId(row.number()), JsonColumns.error(row.text())),
                        id,
                        limit);
    }

    private static Rotation read(Row row) throws SQLException {
        return new Rotation(
                row.operationId(),
                row.armId(),
                row.keyId(),
                row.keyId(),
                row.optionalArmId(),
                row.truth(),
                row.text(),
                row.optionalText().map(SetKeyId::of),
                new ArtifactId(row.number()),
                row.number(),
                row.number(),
                row.number(),
                row.time(),
                row.optionalTime());
    }
}
