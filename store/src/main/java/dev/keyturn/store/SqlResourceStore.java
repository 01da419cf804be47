package dev.keyturn.store;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.util.List;
import java.util.Optional;

/** Heads of all types. */
final class SqlResourceStore implements ResourceStore {
    private static final String SELECT = "SELECT " + Heads.COLUMNS + " FROM resource r";

    @Override
    public Hit insert(Tx tx, Resource resource) {
        return Hit.of(Heads.insert(SqlTx.of(tx), resource).isPresent());
    }

    @Override
    public Optional<Resource> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", Heads::read, id);
    }

    @Override
    public Hit update(Tx tx, Resource resource) {
        return Hit.of(Heads.update(SqlTx.of(tx), resource));
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        SqlTx sql = SqlTx.of(tx);
        if (!id.isGroup()) {
            return Hit.of(Heads.deleteForGood(sql, id));
        }
        GroupAssignments.delete(sql, id);
        return Hit.of(Heads.delete(sql, id));
    }

    @Override
    public List<String> locations(Tx tx, String subscription) {
        String prefix = Heads.prefix(subscription, Optional.empty());
        return SqlTx.of(tx)
                .list(
                        "SELECT DISTINCT location FROM resource WHERE arm_key > ? AND arm_key < ? ORDER BY location",
                        Row::text,
                        Heads.start(prefix, Optional.empty()),
                        Heads.end(prefix));
    }

    @Override
    public long count(Tx tx, ArmId group) {
        String prefix = Heads.prefix(group.subscription(), Optional.of(group.name()));
        return SqlTx.of(tx)
                .number(
                        "SELECT count(*) FROM resource WHERE arm_key > ? AND arm_key < ?",
                        Heads.start(prefix, Optional.empty()),
                        Heads.end(prefix));
    }

    @Override
    public List<Resource> page(
            Tx tx, String subscription, Reach reach, Optional<String> type, Optional<String> after, int limit) {
        return type.map(t -> Heads.pages(SELECT, Heads::read, t))
                .orElseGet(() -> new ReachPages<>(
                        SELECT, Heads::read, "resource r", "r.type <> ?", List.of(Heads.lower(ArmId.GROUP_TYPE))))
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }
}
