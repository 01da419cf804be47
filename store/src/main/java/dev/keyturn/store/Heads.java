package dev.keyturn.store;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Head rows: every store whose rows hang on a head writes and reads it here. In their SELECTs the head is {@code r}.
 */
final class Heads {
    static final String COLUMNS =
            "r.display, r.location, r.tags, r.document, r.state, r.revision, r.created_at, r.changed_at";

    private Heads() {}

    static Resource read(Row row) throws SQLException {
        return new Resource(
                row.armId(),
                row.text(),
                JsonColumns.map(row.text()),
                row.text(),
                row.constant(ProvisioningState.class),
                row.number(),
                row.time(),
                row.time());
    }

    /** The number under which the new head's rows hang on it; empty where the id is taken. */
    static Optional<Long> insert(SqlTx tx, Resource head) {
        return tx.one(
                """
                INSERT INTO resource
                    (arm_key, display, type, location, tags, document, state, revision, created_at, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (arm_key) DO NOTHING RETURNING id""",
                Row::number,
                head.id(),
                head.id().toString(),
                lower(head.id().type()),
                head.location(),
                JsonColumns.ofMap(head.tags()),
                head.document(),
                head.state(),
                head.revision(),
                head.createdAt(),
                head.changedAt());
    }

    static boolean update(SqlTx tx, Resource head) {
        int changed = tx.update(
                """
                UPDATE resource SET location = ?, tags = ?, document = ?, state = ?, revision = ?, changed_at = ?
                WHERE arm_key = ? AND revision = ?""",
                head.location(),
                JsonColumns.ofMap(head.tags()),
                head.document(),
                head.state(),
                head.revision(),
                head.changedAt(),
                head.id(),
                head.revision() - 1);
        return changed == 1;
    }

    static boolean delete(SqlTx tx, ArmId id) {
        return tx.update("DELETE FROM resource WHERE arm_key = ?", id) == 1;
    }

    /**
     * Deletes a resource for good: with the head go the role assignments at it and below it, or whoever makes a
     * resource of the same id later would share it with those who had rights on this one.
     */
    static boolean deleteForGood(SqlTx tx, ArmId id) {
        Scope scope = Scope.of(id);
        tx.update(
                "DELETE FROM role_assignment WHERE scope = ? OR (scope > ? AND scope < ?)",
                scope,
                scope.path() + '/',
                end(scope.path() + '/'));
        return delete(tx, id);
    }

    /** The number of a resource that a row refers to and that must be there. */
    static long number(SqlTx tx, ArmId id) {
        return tx.one("SELECT id FROM resource WHERE arm_key = ?", Row::number, id)
                .orElseThrow(() -> new IllegalStateException("row refers to a resource that is not there: " + id));
    }

    static Optional<Long> number(SqlTx tx, Optional<ArmId> id) {
        return id.map(present -> number(tx, present));
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * Pages of {@code select}, which joins {@code resource r}: of the type. Ids of a group begin with its id and a slash,
     * which makes both a range of keys.
     */
    static <T> ReachPages<T> pages(String select, SqlTx.RowReader<T> reader, String type) {
        return new ReachPages<>(select, reader, "resource r", "r.type = ?", List.of(lower(type)));
    }

    static String prefix(String subscription, Optional<String> group) {
        return group.map(name -> ArmId.group(subscription, name).key() + "/")
                .orElseGet(() -> ArmId.subscription(subscription).key() + "/resourcegroups/");
    }

    /** Keys of the page are behind this. */
    static String start(String prefix, Optional<String> after) {
        return after.filter(key -> key.compareTo(prefix) > 0).orElse(prefix);
    }

    /** Keys of the page are before this: the character after the slash that the prefix ends with. */
    static String end(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + '0';
    }
}
