package dev.keyturn.store;

import dev.keyturn.core.nodes.NodeRow;
import dev.keyturn.core.nodes.NodeStore;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Nodes, and what the history of migrations says of the schema. */
final class SqlNodeStore implements NodeStore {
    private static final String SELECT = "SELECT name, instance, address, program_schema, live_until FROM node";

    @Override
    public Optional<NodeRow> find(Tx tx, String name) {
        return SqlTx.of(tx).one(SELECT + " WHERE name = ?", SqlNodeStore::node, name);
    }

    @Override
    public List<NodeRow> all(Tx tx) {
        return SqlTx.of(tx).list(SELECT + " ORDER BY name", SqlNodeStore::node);
    }

    private static NodeRow node(Row row) throws SQLException {
        return new NodeRow(row.text(), row.uuid(), row.text(), row.number(), row.time());
    }

    @Override
    public void put(Tx tx, NodeRow row) {
        SqlTx.of(tx)
                .update(
                        "INSERT INTO node (name, instance, address, program_schema, live_until) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (name) DO UPDATE SET instance = excluded.instance,"
                                + " address = excluded.address, program_schema = excluded.program_schema,"
                                + " live_until = excluded.live_until",
                        row.name(),
                        row.instance(),
                        row.address(),
                        row.schema(),
                        row.liveUntil());
    }

    @Override
    public Hit renew(Tx tx, String name, UUID instance, Instant until) {
        return Hit.of(SqlTx.of(tx)
                        .update("UPDATE node SET live_until = ? WHERE name = ? AND instance = ?", until, name, instance)
                > 0);
    }

    @Override
    public long schema(Tx tx) {
        return SqlTx.of(tx)
                .number("SELECT max(CAST(version AS BIGINT)) FROM flyway_schema_history WHERE version IS NOT NULL");
    }
}
