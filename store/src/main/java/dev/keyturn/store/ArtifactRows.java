package dev.keyturn.store;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How rows of {@code artifact a} are read. */
final class ArtifactRows {
    static final String COLUMNS = "a.id, a.kind, o.display, a.host, a.nonce, a.sealed, a.chk, a.revision";
    /** Every artifact has one; an outer join leaves the database no choice of what to begin with. */
    static final String OWNER = " LEFT JOIN resource o ON o.id = a.owner_id";

    static final String SELECT = "SELECT s.display, k.uuid, " + COLUMNS
            + " FROM artifact a JOIN set_key k ON k.id = a.set_key_id LEFT JOIN resource s ON s.id = a.set_id" + OWNER;
    private static final int CHUNK = 250;
    private static final String MARKS = String.join(", ", Collections.nCopies(CHUNK, "?"));

    private ArtifactRows() {}

    static Artifact read(Row row) throws SQLException {
        Optional<ArmId> set = row.optionalArmId();
        return read(row, set, row.setKeyId());
    }

    static Artifact read(Row row, Optional<ArmId> set, SetKeyId under) throws SQLException {
        ArtifactId id = new ArtifactId(row.number());
        ArtifactKind kind = ArtifactKind.numbered(row.integer());
        ArmId owner = row.armId();
        String host = row.text();
        Envelope envelope = new Envelope(under, row.bytes(), row.bytes(), row.bytes());
        return new Artifact(id, kind, owner, set, host, envelope, row.number());
    }

    static List<Artifact> byIds(SqlTx tx, Collection<ArtifactId> ids) {
        return among(tx, SELECT, ArtifactRows::read, ids);
    }

    /** The rows of {@code artifact a} with these ids, by id, some hundred to a statement. */
    static <T> List<T> among(SqlTx tx, String select, SqlTx.RowReader<T> reader, Collection<ArtifactId> ids) {
        List<ArtifactId> sorted = ids.stream().sorted().distinct().toList();
        List<T> found = new ArrayList<>(sorted.size());
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            List<ArtifactId> chunk = sorted.subList(from, Math.min(from + CHUNK, sorted.size()));
            // the last id again where there are fewer, so that there is one statement to prepare
            Object[] arguments = new Object[CHUNK];
            Arrays.setAll(arguments, i -> chunk.get(Math.min(i, chunk.size() - 1)));
            found.addAll(tx.list(select + " WHERE a.id IN (" + MARKS + ") ORDER BY a.id", reader, arguments));
        }
        return found;
    }
}
