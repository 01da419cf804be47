package dev.keyturn.store;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.fleet.WatchStore;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Looks in the indexes of VMs by fault and by set (V22); only the heads of those that are named are read. The ids that a
 * reach covers are ranges of keys, each a place to begin at in the index.
 */
final class SqlWatchStore implements WatchStore {
    private static final String FAULTY = " AND v.fault IS NOT NULL";
    private static final String OF_SET = " AND v.set_id = (SELECT id FROM resource WHERE arm_key = ?)";
    private static final String UNDER = "v.id IN ("
            + "SELECT coalesce(d.vm_id, a.owner_id) FROM set_key k JOIN artifact a ON a.set_key_id = k.id"
            + " LEFT JOIN disk d ON d.id = a.owner_id"
            + " WHERE k.set_id = (SELECT id FROM resource WHERE arm_key = ?) AND k.key_anywhere = ?)";

    private record Counted(ArmId id, long all) {}

    @Override
    public List<ArmId> sets(Tx tx, String subscription, Reach reach, int limit) {
        List<String> bounds = groups(subscription, reach);
        for (ArmId id : reach.single()) {
            bounds.add(id.key());
            bounds.add(id.key() + ' '); // no character of an id comes before a blank
        }
        if (bounds.isEmpty()) {
            return List.of();
        }
        return SqlTx.of(tx)
                .list(
                        "SELECT v.display" + within("resource", bounds) + " AND v.type = ? ORDER BY v.arm_key LIMIT ?",
                        Row::armId,
                        arguments(bounds, Heads.lower(DiskEncryptionSet.TYPE), limit));
    }

    @Override
    public Machines faulty(Tx tx, String subscription, Reach reach, int limit) {
        return machines(tx, groups(subscription, reach), FAULTY, limit);
    }

    @Override
    public Machines of(Tx tx, String subscription, Reach reach, ArmId set, int limit) {
        return machines(tx, groups(subscription, reach), OF_SET, limit, set);
    }

    @Override
    public long countOf(Tx tx, String subscription, Reach reach, ArmId set) {
        List<String> bounds = groups(subscription, reach);
        return bounds.isEmpty() ? 0 : counted(tx, bounds, OF_SET, set);
    }

    /** Names and number in one statement: finding them is what costs. */
    @Override
    public Machines under(Tx tx, String subscription, Reach reach, ArmId set, KeyId key, int limit) {
        List<String> bounds = groups(subscription, reach);
        if (bounds.isEmpty()) {
            return Machines.NONE;
        }
        List<Counted> found = SqlTx.of(tx)
                .list(
                        "SELECT r.display, f.found FROM (SELECT v.id AS id, count(*) OVER () AS found"
                                + within("vm", bounds) + under(bounds)
                                + " ORDER BY v.arm_key LIMIT ?) f JOIN resource r ON r.id = f.id ORDER BY r.arm_key",
                        row -> new Counted(row.armId(), row.number()),
                        arguments(bounds, set, key.referenceInAnyDomain(), limit));
        return found.isEmpty()
                ? Machines.NONE
                : new Machines(
                        found.stream().map(Counted::id).toList(),
                        found.getFirst().all());
    }

    /** Of many ranges each VM is looked at once; the plus keeps SQLite from going through what is under it for each range. */
    private static String under(List<String> bounds) {
        return (bounds.size() > 2 ? " AND +" : " AND ") + UNDER;
    }

    private static Machines machines(Tx tx, List<String> bounds, String which, int limit, Object... more) {
        if (bounds.isEmpty()) {
            return Machines.NONE;
        }
        List<Object> arguments = new ArrayList<>(List.of(more));
        arguments.add(limit);
        List<ArmId> some = SqlTx.of(tx)
                .list(
                        "SELECT r.display FROM resource r WHERE r.id IN (SELECT v.id" + within("vm", bounds) + which
                                + " ORDER BY v.arm_key LIMIT ?) ORDER BY r.arm_key",
                        Row::armId,
                        arguments(bounds, arguments.toArray()));
        return new Machines(some, some.size() < limit ? some.size() : counted(tx, bounds, which, more));
    }

    private static long counted(Tx tx, List<String> bounds, String which, Object... more) {
        return SqlTx.of(tx).number("SELECT count(*)" + within("vm", bounds) + which, arguments(bounds, more));
    }

    /** Each range with its first key and the one behind its last. */
    private static List<String> groups(String subscription, Reach reach) {
        List<String> bounds = new ArrayList<>();
        reach.places().forEach(group -> {
            String prefix = Heads.prefix(subscription, group);
            bounds.add(prefix);
            bounds.add(Heads.end(prefix));
        });
        return bounds;
    }

    /** Rows {@code v} of the ranges. One range is read in the order of its index, so that a limit ends it early. */
    private static String within(String table, List<String> bounds) {
        int ranges = bounds.size() / 2;
        return ranges == 1
                ? " FROM " + table + " v WHERE v.arm_key >= ? AND v.arm_key < ?"
                : " FROM (VALUES " + String.join(", ", Collections.nCopies(ranges, "(?, ?)")) + ") p CROSS JOIN "
                        + table + " v WHERE v.arm_key >= p.column1 AND v.arm_key < p.column2";
    }

    private static Object[] arguments(List<String> bounds, Object... more) {
        List<Object> all = new ArrayList<>(bounds);
        Collections.addAll(all, more);
        return all.toArray();
    }
}
