package dev.keyturn.store;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.util.Optional;

/** Facts about the installation. */
final class SqlSettings implements Settings {
    @Override
    public Optional<String> find(Tx tx, String name) {
        return SqlTx.of(tx).one("SELECT value FROM setting WHERE name = ?", Row::text, name);
    }

    @Override
    public void put(Tx tx, String name, String value) {
        SqlTx.of(tx)
                .update(
                        "INSERT INTO setting (name, value) VALUES (?, ?)"
                                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        name,
                        value);
    }
}
