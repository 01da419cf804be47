package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Passkey;
import dev.keyturn.core.people.PasskeyKey;
import dev.keyturn.core.people.PasskeyStore;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Passkeys, and the challenges that were answered with them. */
final class SqlPasskeyStore implements PasskeyStore {
    private static final String SELECT = """
            SELECT id, person, name, public_key, sign_count, can_be_backed_up, backed_up, created_at, last_used_at,
                transports
            FROM person_passkey""";

    @Override
    public Hit insert(Tx tx, Passkey passkey) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO person_passkey
                                    (id, person, name, public_key, sign_count, can_be_backed_up, backed_up,
                                    created_at, last_used_at, transports)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                passkey.id(),
                                passkey.person(),
                                passkey.name(),
                                passkey.key().publicKey(),
                                passkey.key().count(),
                                passkey.key().canBeBackedUp(),
                                passkey.key().backedUp(),
                                passkey.createdAt(),
                                passkey.lastUsedAt(),
                                String.join(",", passkey.transports()))
                == 1);
    }

    @Override
    public Optional<Passkey> find(Tx tx, String id) {
        return SqlTx.of(tx).one(SELECT + " WHERE id = ?", SqlPasskeyStore::passkey, id);
    }

    @Override
    public List<Passkey> of(Tx tx, PrincipalId person) {
        return SqlTx.of(tx)
                .list(SELECT + " WHERE person = ? ORDER BY created_at, id", SqlPasskeyStore::passkey, person);
    }

    @Override
    public Hit used(Tx tx, String id, long before, PasskeyKey now, Instant at) {
        return Hit.of(SqlTx.of(tx).update("""
                                UPDATE person_passkey SET sign_count = ?, backed_up = ?, last_used_at = ?
                                WHERE id = ? AND sign_count = ?""", now.count(), now.backedUp(), at, id, before) == 1);
    }

    @Override
    public Hit rename(Tx tx, PrincipalId person, String id, String name) {
        return Hit.of(
                SqlTx.of(tx).update("UPDATE person_passkey SET name = ? WHERE id = ? AND person = ?", name, id, person)
                        == 1);
    }

    @Override
    public Hit delete(Tx tx, PrincipalId person, String id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM person_passkey WHERE id = ? AND person = ?", id, person) == 1);
    }

    @Override
    public void deleteAll(Tx tx, PrincipalId person) {
        SqlTx.of(tx).update("DELETE FROM person_passkey WHERE person = ?", person);
        SqlTx.of(tx).update("UPDATE person SET passkey_required = 0 WHERE id = ?", person);
    }

    @Override
    public boolean required(Tx tx, PrincipalId person) {
        return SqlTx.of(tx).exists("SELECT 1 FROM person WHERE id = ? AND passkey_required = 1", person);
    }

    @Override
    public Hit require(Tx tx, PrincipalId person, boolean required) {
        return Hit.of(
                SqlTx.of(tx).update("UPDATE person SET passkey_required = ? WHERE id = ?", required, person) == 1);
    }

    @Override
    public Hit answered(Tx tx, String challenge, Instant over) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "INSERT INTO passkey_challenge (id, over) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                challenge,
                                over)
                == 1);
    }

    @Override
    public void deleteOver(Tx tx, Instant now) {
        SqlTx.of(tx).update("DELETE FROM passkey_challenge WHERE over <= ?", now);
    }

    private static Passkey passkey(Row row) throws SQLException {
        String id = row.text();
        PrincipalId person = row.principal();
        String name = row.text();
        PasskeyKey key = new PasskeyKey(row.bytes(), row.number(), row.truth(), row.truth());
        return new Passkey(
                id,
                person,
                name,
                key,
                row.time(),
                row.optionalTime(),
                Stream.of(row.text().split(",")).filter(t -> !t.isEmpty()).toList());
    }
}
