package dev.keyturn.store;

import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.HostDirectory;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row for each host that a node serves or has served. */
final class SqlHostDirectory implements HostDirectory {
    private static final String SELECT = """
            SELECT name, kind, label, proves_images, boots_images, no_console, plugs, looks_every_ms, patience_ms, node,
                instance, address, live_until FROM host""";

    private static final String SET = """
            SET kind = ?, label = ?, proves_images = ?, boots_images = ?, no_console = ?, plugs = ?, looks_every_ms = ?,
                patience_ms = ?, node = ?, instance = ?, address = ?, live_until = ? WHERE name = ?""";

    @Override
    public Hit claim(Tx tx, ServedHost host, Instant now) {
        SqlTx sql = SqlTx.of(tx);
        if (find(tx, host.name()).isEmpty()) {
            int made = sql.update("""
                    INSERT INTO host (kind, label, proves_images, boots_images, no_console, plugs, looks_every_ms,
                        patience_ms, node, instance, address, live_until, name)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO NOTHING""", columns(host));
            return Hit.of(made == 1);
        }
        return Hit.of(sql.update(
                        "UPDATE host " + SET + " AND (node = ? OR live_until <= ?)",
                        with(columns(host), host.owner().node(), now))
                == 1);
    }

    @Override
    public Hit renew(Tx tx, ServedHost host) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "UPDATE host " + SET + " AND node = ? AND instance = ?",
                                with(
                                        columns(host),
                                        host.owner().node(),
                                        host.owner().instance()))
                == 1);
    }

    @Override
    public Optional<ServedHost> find(Tx tx, String name) {
        return SqlTx.of(tx).one(SELECT + " WHERE name = ?", SqlHostDirectory::read, name);
    }

    @Override
    public List<ServedHost> all(Tx tx) {
        return SqlTx.of(tx).list(SELECT + " ORDER BY name", SqlHostDirectory::read);
    }

    @Override
    public void leave(Tx tx, LeaseOwner owner, Instant now) {
        SqlTx.of(tx)
                .update(
                        "UPDATE host SET live_until = ? WHERE node = ? AND instance = ? AND live_until > ?",
                        now,
                        owner.node(),
                        owner.instance(),
                        now);
    }

    @Override
    public void retain(Tx tx, String node, Collection<String> names) {
        SqlTx sql = SqlTx.of(tx);
        sql.list("SELECT name FROM host WHERE node = ?", Row::text, node).stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> sql.update("DELETE FROM host WHERE name = ? AND node = ?", name, node));
    }

    private static @Nullable Object[] columns(ServedHost host) {
        HostInfo info = host.info();
        HostCapabilities can = info.can();
        return new @Nullable Object[] {
            info.kind(),
            info.label(),
            can.provesImages(),
            can.bootsImages(),
            can.noConsole(),
            can.plugs(),
            can.looksEvery().toMillis(),
            host.patience().toMillis(),
            host.owner().node(),
            host.owner().instance(),
            host.address(),
            host.liveUntil(),
            host.name()
        };
    }

    private static @Nullable Object[] with(@Nullable Object[] columns, Object... more) {
        @Nullable Object[] all = Arrays.copyOf(columns, columns.length + more.length);
        System.arraycopy(more, 0, all, columns.length, more.length);
        return all;
    }

    private static ServedHost read(Row row) throws SQLException {
        HostInfo info = new HostInfo(
                row.text(),
                row.text(),
                row.text(),
                new HostCapabilities(
                        row.truth(), row.truth(), row.optionalText(), row.truth(), Duration.ofMillis(row.number())));
        return new ServedHost(
                info, Duration.ofMillis(row.number()), new LeaseOwner(row.text(), row.uuid()), row.text(), row.time());
    }
}
