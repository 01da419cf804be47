package dev.keyturn.store;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultStore;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Vaults and managed HSMs. A live one's head cannot be deleted from under it. */
final class SqlVaultStore implements VaultStore {
    private static final String OWN =
            "v.id, v.kind, v.tenant, v.sku, v.rbac, v.purge_protection, v.soft_delete_days," + " v.policies";
    private static final String LIVE =
            "SELECT " + Heads.COLUMNS + ", " + OWN + " FROM resource r JOIN vault v ON v.head_id = r.id";
    private static final String DELETED =
            "SELECT v.head_copy, " + OWN + ", v.deleted_at, v.purge_at FROM vault v WHERE v.head_id IS NULL";

    @Override
    public Hit insert(Tx tx, Vault vault) {
        SqlTx sql = SqlTx.of(tx);
        if (sql.exists("SELECT 1 FROM vault WHERE kind = ? AND name_key = ?", vault.kind(), nameKey(vault))) {
            return Hit.of(false);
        }
        Optional<Long> head = Heads.insert(sql, vault.resource());
        head.ifPresent(number -> sql.update(
                """
                INSERT INTO vault (id, kind, name_key, head_id, subscription, tenant, sku, rbac, purge_protection,
                    soft_delete_days, policies)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                vault.id(),
                vault.kind(),
                nameKey(vault),
                number,
                Heads.lower(vault.resource().id().subscription()),
                vault.tenant(),
                vault.sku(),
                vault.rbac(),
                vault.purgeProtection(),
                vault.softDeleteDays(),
                VaultColumns.ofPolicies(vault.policies())));
        return Hit.of(head.isPresent());
    }

    @Override
    public Optional<Vault> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(LIVE + " WHERE r.arm_key = ?", SqlVaultStore::live, id);
    }

    @Override
    public Optional<Vault> find(Tx tx, VaultId id) {
        SqlTx sql = SqlTx.of(tx);
        return sql.one(LIVE + " WHERE v.id = ?", SqlVaultStore::live, id)
                .or(() -> sql.one(DELETED + " AND v.id = ?", SqlVaultStore::deleted, id));
    }

    @Override
    public Optional<Vault> byName(Tx tx, VaultKind kind, String name) {
        SqlTx sql = SqlTx.of(tx);
        String key = Heads.lower(name);
        return sql.one(LIVE + " WHERE v.kind = ? AND v.name_key = ?", SqlVaultStore::live, kind, key)
                .or(() -> sql.one(DELETED + " AND v.kind = ? AND v.name_key = ?", SqlVaultStore::deleted, kind, key));
    }

    @Override
    public Hit update(Tx tx, Vault vault) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, vault.resource())) {
            return Hit.of(false);
        }
        change(
                sql,
                vault,
                "head_id IS NOT NULL",
                Optional.of(Heads.number(sql, vault.resource().id())));
        return Hit.of(true);
    }

    @Override
    public void softDelete(Tx tx, Vault vault) {
        if (vault.deleted().isEmpty()) {
            throw new IllegalArgumentException("a deleted vault says when it was deleted");
        }
        SqlTx sql = SqlTx.of(tx);
        change(sql, vault, "head_id IS NOT NULL", Optional.empty());
        Heads.delete(sql, vault.resource().id());
    }

    @Override
    public Hit recover(Tx tx, Vault vault) {
        if (vault.deleted().isPresent()) {
            throw new IllegalArgumentException("a recovered vault is not deleted");
        }
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> head = Heads.insert(sql, vault.resource());
        head.ifPresent(number -> change(sql, vault, "head_id IS NULL", head));
        return Hit.of(head.isPresent());
    }

    @Override
    public void purge(Tx tx, VaultId id) {
        if (SqlTx.of(tx).update("DELETE FROM vault WHERE id = ? AND head_id IS NULL", id) != 1) {
            throw new IllegalStateException("vault " + id + " is not soft-deleted and cannot be purged");
        }
    }

    @Override
    public void postpone(Tx tx, VaultId id, Deletion deletion) {
        int changed = SqlTx.of(tx)
                .update(
                        "UPDATE vault SET deleted_at = ?, purge_at = ? WHERE id = ? AND head_id IS NULL",
                        deletion.at(),
                        deletion.purgeAt(),
                        id);
        if (changed != 1) {
            throw new IllegalStateException("vault " + id + " is not soft-deleted");
        }
    }

    @Override
    public List<Vault> page(
            Tx tx, VaultKind kind, String subscription, Reach reach, Optional<String> after, int limit) {
        return Heads.pages(LIVE, SqlVaultStore::live, kind.type())
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    @Override
    public List<Vault> deleted(Tx tx, VaultKind kind, String subscription, Optional<String> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        DELETED + " AND v.kind = ? AND v.subscription = ? AND v.name_key > ?"
                                + " ORDER BY v.name_key LIMIT ?",
                        SqlVaultStore::deleted,
                        kind,
                        Heads.lower(subscription),
                        after.map(Heads::lower).orElse(""),
                        limit);
    }

    @Override
    public List<Vault> purgeDue(Tx tx, Instant now, int limit) {
        return SqlTx.of(tx)
                .list(
                        DELETED + " AND v.purge_at <= ? ORDER BY v.purge_at, v.id LIMIT ?",
                        SqlVaultStore::deleted,
                        now,
                        limit);
    }

    /** Writes the row of a vault that is in the state {@code was}: live under the head, or deleted without one. */
    private static void change(SqlTx tx, Vault vault, String was, Optional<Long> head) {
        int changed = tx.update(
                "UPDATE vault SET head_id = ?, head_copy = ?, tenant = ?, sku = ?, rbac = ?, purge_protection = ?,"
                        + " soft_delete_days = ?, policies = ?, deleted_at = ?, purge_at = ? WHERE id = ? AND " + was,
                head,
                head.isPresent() ? null : VaultColumns.ofHead(vault.resource()),
                vault.tenant(),
                vault.sku(),
                vault.rbac(),
                vault.purgeProtection(),
                vault.softDeleteDays(),
                VaultColumns.ofPolicies(vault.policies()),
                vault.deleted().map(Deletion::at),
                vault.deleted().map(Deletion::purgeAt),
                vault.id());
        if (changed != 1) {
            throw new IllegalStateException("vault " + vault.id() + " is not there, or not in the state: " + was);
        }
    }

    private static String nameKey(Vault vault) {
        return Heads.lower(vault.name());
    }

    private static Vault live(Row row) throws SQLException {
        return own(row, Heads.read(row));
    }

    private static Vault deleted(Row row) throws SQLException {
        Vault vault = own(row, VaultColumns.head(row.text()));
        return vault.with(Optional.of(new Deletion(row.time(), row.time())));
    }

    private static Vault own(Row row, Resource head) throws SQLException {
        return new Vault(
                new VaultId(row.uuid()),
                row.constant(VaultKind.class),
                head,
                row.uuid(),
                row.text(),
                row.truth(),
                row.truth(),
                row.integer(),
                VaultColumns.policies(row.text()),
                Optional.empty());
    }
}
