package dev.keyturn.store;

import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a rotation reads rows of {@code artifact a}: without their owners. Sets and set keys are read as the numbers in
 * the row, and what a number stands for is looked up once.
 */
final class SealedKeyRows {
    static final String COLUMNS = "a.id, a.host, a.nonce, a.sealed, a.chk, a.revision";
    private static final String SELECT = "SELECT a.set_id, a.set_key_id, " + COLUMNS + " FROM artifact a";

    private final SqlTx tx;
    private final Map<Long, Optional<ArmId>> sets = new HashMap<>();
    private final Map<Long, SetKeyId> setKeys = new HashMap<>();

    private SealedKeyRows(SqlTx tx) {
        this.tx = tx;
    }

    static List<SealedKey> byIds(SqlTx tx, Collection<ArtifactId> ids) {
        return ArtifactRows.among(tx, SELECT, new SealedKeyRows(tx)::read, ids);
    }

    static SealedKey read(Row row, Optional<ArmId> set, SetKeyId under) throws SQLException {
        ArtifactId id = new ArtifactId(row.number());
        String host = row.text();
        Envelope envelope = new Envelope(under, row.bytes(), row.bytes(), row.bytes());
        return new SealedKey(id, set, host, envelope, row.number());
    }

    private SealedKey read(Row row) throws SQLException {
        Optional<ArmId> set = row.optionalNumber().flatMap(number -> sets.computeIfAbsent(number, this::set));
        return read(row, set, setKeys.computeIfAbsent(row.number(), this::setKey));
    }

    private Optional<ArmId> set(long number) {
        return tx.one("SELECT display FROM resource WHERE id = ?", Row::armId, number);
    }

    private SetKeyId setKey(long number) {
        return tx.one("SELECT uuid FROM set_key WHERE id = ?", Row::setKeyId, number)
                .orElseThrow(() -> new IllegalStateException("there is no set key with the number " + number));
    }
}
