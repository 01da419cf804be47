package dev.keyturn.store;

import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.store.engine.Arguments;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Images of artifacts that are gone. */
final class CondemnedRows {
    private static final String SELECT = "SELECT artifact, kind, vm_uuid, disk_uuid, host FROM condemned_image WHERE ";

    private CondemnedRows() {}

    static void condemn(SqlTx tx, Collection<ArtifactId> ids, boolean withOwner) {
        tx.batch(
                "INSERT INTO condemned_image (artifact, kind, host, vm_uuid, disk_uuid)"
                        + " SELECT a.id, a.kind, a.host, " + (withOwner ? "v.vm_uuid" : "NULL")
                        + ", d.disk_uuid FROM artifact a" + ArtifactOwners.JOIN + " WHERE a.id = ?",
                ids,
                (statement, id) -> Arguments.bind(statement, 1, id));
    }

    static List<Condemned> ofVm(SqlTx tx, UUID vmId) {
        return list(tx, "vm_uuid = ?", vmId);
    }

    static List<Condemned> ofDisk(SqlTx tx, UUID diskId) {
        return list(tx, "disk_uuid = ?", diskId);
    }

    static Optional<Condemned> find(SqlTx tx, ArtifactId id) {
        return list(tx, "artifact = ?", id).stream().findFirst();
    }

    static void forget(SqlTx tx, Collection<ArtifactId> ids) {
        tx.batch(
                "DELETE FROM condemned_image WHERE artifact = ?",
                ids,
                (statement, id) -> Arguments.bind(statement, 1, id));
    }

    private static List<Condemned> list(SqlTx tx, String which, @Nullable Object argument) {
        return tx.list(SELECT + which + " ORDER BY artifact", CondemnedRows::read, argument);
    }

    private static Condemned read(Row row) throws SQLException {
        return new Condemned(
                new ArtifactImage(
                        new ArtifactId(row.number()),
                        ArtifactKind.numbered(row.integer()),
                        row.optionalText().map(UUID::fromString),
                        row.optionalText().map(UUID::fromString),
                        Optional.empty()),
                row.text());
    }
}
