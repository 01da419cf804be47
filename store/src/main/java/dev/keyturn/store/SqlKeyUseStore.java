package dev.keyturn.store;

import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.fleet.KeyUseStore;
import dev.keyturn.core.fleet.VmCounts;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Begins at the set keys of the key's versions, which an index finds, and looks at no artifact but theirs. */
final class SqlKeyUseStore implements KeyUseStore {
    /** All set keys of the versions of a vault's keys, of one key's, or of one: what follows is before a brace. */
    private static final String OF_KEY = "k.key_anywhere >= ? AND k.key_anywhere < ?";

    private static final String UNDER = " WHERE v.arm_key > ? AND v.arm_key < ? AND v.id IN ("
            + "SELECT coalesce(d.vm_id, a.owner_id) FROM set_key k JOIN artifact a ON a.set_key_id = k.id"
            + " LEFT JOIN disk d ON d.id = a.owner_id WHERE " + OF_KEY + ")";

    private static final String ACTIVE =
            "SELECT s.active_key, r.display, s.principal FROM disk_set s JOIN resource r ON r.id = s.id"
                    + " WHERE r.arm_key > ? AND r.arm_key < ? AND instr(lower(s.active_key), ?) > 0";

    /** Of the rotations that run: of one that has just begun there is no set key of the new version yet. */
    private static final String COMING =
            "SELECT t.to_key, r.display, s.principal FROM disk_set s JOIN resource r ON r.id = s.id"
                    + " JOIN rotation t ON t.id = s.rotation"
                    + " WHERE r.arm_key > ? AND r.arm_key < ? AND instr(lower(t.to_key), ?) > 0";

    private record Place(KeyId key, ArmId set) {
        static final Comparator<Place> ORDER = Comparator.comparing(
                        (Place p) -> p.set().key())
                .thenComparing(p -> p.key().reference());
    }

    @Override
    public List<KeyUse> uses(Tx tx, String subscription, KeyId key) {
        SqlTx sql = SqlTx.of(tx);
        String prefix = Heads.prefix(subscription, Optional.empty());
        Map<Place, KeyUse> found = new TreeMap<>(Place.ORDER);
        List<KeyUse> under = sql.list(
                "SELECT k.key_url, r.display, s.principal, (SELECT count(*) FROM artifact a WHERE a.set_key_id = k.id)"
                        + " FROM set_key k JOIN resource r ON r.id = k.set_id JOIN disk_set s ON s.id = r.id WHERE "
                        + OF_KEY
                        + " AND r.arm_key > ? AND r.arm_key < ?",
                row -> new KeyUse(row.keyId(), row.armId(), row.principal(), false, false, row.number()),
                from(key),
                to(key),
                prefix,
                Heads.end(prefix));
        under.stream().filter(u -> u.artifacts() > 0).forEach(u -> found.put(new Place(u.key(), u.set()), u));
        for (String named : List.of(ACTIVE, COMING)) {
            List<KeyUse> uses = sql.list(
                    named,
                    named.equals(ACTIVE) ? SqlKeyUseStore::active : SqlKeyUseStore::coming,
                    prefix,
                    Heads.end(prefix),
                    from(key).substring(from(key).indexOf("/keys/")));
            uses.stream()
                    .filter(u -> u.key().referenceInAnyDomain().startsWith(from(key)))
                    .forEach(u -> found.merge(new Place(u.key(), u.set()), u, SqlKeyUseStore::both));
        }
        return List.copyOf(found.values());
    }

    private static KeyUse active(Row row) throws SQLException {
        return new KeyUse(row.keyId(), row.armId(), row.principal(), true, false, 0);
    }

    private static KeyUse coming(Row row) throws SQLException {
        return new KeyUse(row.keyId(), row.armId(), row.principal(), false, true, 0);
    }

    private static KeyUse both(KeyUse a, KeyUse b) {
        return new KeyUse(
                a.key(),
                a.set(),
                a.principal(),
                a.active() || b.active(),
                a.coming() || b.coming(),
                a.artifacts() + b.artifacts());
    }

    @Override
    public VmCounts count(Tx tx, String subscription, KeyId key) {
        String prefix = Heads.prefix(subscription, Optional.empty());
        return SqlTx.of(tx)
                .list(
                        "SELECT " + SqlFleetStore.COUNTS + " FROM vm v" + UNDER,
                        SqlFleetStore::counts,
                        prefix,
                        Heads.end(prefix),
                        from(key),
                        to(key))
                .getFirst();
    }

    @Override
    public List<ConfidentialVm> vms(Tx tx, String subscription, KeyId key, int limit) {
        String prefix = Heads.prefix(subscription, Optional.empty());
        return SqlTx.of(tx)
                .list(
                        SqlVmStore.SELECT + UNDER
                                + " ORDER BY CASE WHEN v.power = 'RUNNING' THEN 0 ELSE 1 END, v.arm_key LIMIT ?",
                        SqlVmStore::read,
                        prefix,
                        Heads.end(prefix),
                        from(key),
                        to(key),
                        limit);
    }

    private static String from(KeyId key) {
        String reference = key.referenceInAnyDomain();
        return key.name().isEmpty() ? reference.substring(0, reference.length() - 1) : reference;
    }

    private static String to(KeyId key) {
        return from(key) + '{';
    }
}
