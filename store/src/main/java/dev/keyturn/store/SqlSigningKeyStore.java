package dev.keyturn.store;

import dev.keyturn.core.identity.SigningKey;
import dev.keyturn.core.identity.SigningKeyStore;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.SqlTx;
import java.time.Instant;
import java.util.List;

/** Token signing keys, sealed. Of two made in one millisecond the one with the higher kid is the newer. */
final class SqlSigningKeyStore implements SigningKeyStore {
    @Override
    public void insert(Tx tx, SigningKey key) {
        SqlTx.of(tx)
                .update(
                        "INSERT INTO signing_key (kid, sealed, created_at) VALUES (?, ?, ?)",
                        key.kid(),
                        key.sealed(),
                        key.createdAt());
    }

    @Override
    public List<SigningKey> all(Tx tx) {
        return SqlTx.of(tx)
                .list(
                        "SELECT kid, sealed, created_at FROM signing_key ORDER BY created_at DESC, kid DESC",
                        row -> new SigningKey(row.text(), row.bytes(), row.time()));
    }

    @Override
    public void deleteCreatedBefore(Tx tx, Instant time) {
        SqlTx.of(tx).update("""
                        DELETE FROM signing_key WHERE created_at < ?
                            AND kid <> (SELECT kid FROM signing_key ORDER BY created_at DESC, kid DESC LIMIT 1)""", time);
    }
}
