package dev.keyturn.store;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.VmSort;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.SqlFleetStore.Conditions;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * VMs in the order of their sets' names, and of one name by id: set by set along the index {@code vm_of_set} (V27), so that a
 * page reads what it shows, and of each set that has something to show one place in the index. Sets of one name, which
 * different groups have, are read side by side.
 *
 * @param conditions what VMs are looked for
 */
record VmsBySet(SqlTx tx, Conditions conditions, boolean descending) {
    /** Under the platform's key; their place is before all names. */
    private static final String NO_SET = "";

    private static final String MARK = "/providers/" + Heads.lower(DiskEncryptionSet.TYPE) + "/";
    private static final String NAME = "substr(n.arm_key, instr(n.arm_key, ?) + ?)";

    /** How many sets a statement reads side by side: few forms, so that each stays prepared. */
    private static final List<Integer> FORMS = List.of(1, 4, 32);

    private record Named(String name, long id) {}

    private record Found(long id, String key) {}

    List<ConfidentialVm> page(Optional<VmSort.Place> behind, int limit) {
        Map<String, List<Long>> sets = new HashMap<>();
        named(behind)
                .forEach(s ->
                        sets.computeIfAbsent(s.name(), _ -> new ArrayList<>()).add(s.id()));
        List<String> names = new ArrayList<>(sets.keySet());
        if (behind.isEmpty() || descending || behind.get().value().equals(NO_SET)) {
            names.add(NO_SET);
        }
        names.sort(descending ? Comparator.reverseOrder() : Comparator.naturalOrder());
        List<Found> found = new ArrayList<>();
        for (String name : names) {
            if (found.size() == limit) {
                break;
            }
            Optional<String> after =
                    behind.filter(place -> place.value().equals(name)).map(VmSort.Place::key);
            List<Long> ids = sets.getOrDefault(name, List.of());
            int rest = limit - found.size();
            found.addAll(name.equals(NO_SET) ? ofNone(after, rest) : ofSets(ids, after, rest));
        }
        return rows(found);
    }

    /** The sets that have a VM of those that are looked for, from the name of the place on. */
    private List<Named> named(Optional<VmSort.Place> behind) {
        List<Object> arguments = new ArrayList<>(List.of(MARK, MARK.length(), Heads.lower(DiskEncryptionSet.TYPE)));
        arguments.addAll(conditions.values());
        behind.ifPresent(place -> arguments.addAll(List.of(MARK, MARK.length(), place.value())));
        return tx.list(
                "SELECT " + NAME + ", n.id FROM resource n WHERE n.type = ? AND EXISTS (SELECT 1 FROM vm v"
                        + conditions.where() + " AND v.set_id = n.id)"
                        + (behind.isPresent() ? " AND " + NAME + (descending ? " <= ?" : " >= ?") : ""),
                row -> new Named(row.text(), row.number()),
                arguments.toArray());
    }

    private List<Found> ofNone(Optional<String> after, int limit) {
        List<Object> arguments = new ArrayList<>();
        add(arguments, after, limit);
        return tx.list(one("v.set_id IS NULL", after), VmsBySet::found, arguments.toArray());
    }

    private List<Found> ofSets(List<Long> ids, Optional<String> after, int limit) {
        int most = FORMS.getLast();
        List<Found> all = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += most) {
            all.addAll(ofSome(ids.subList(from, Math.min(from + most, ids.size())), after, limit));
        }
        Comparator<Found> byKey = Comparator.comparing(Found::key);
        all.sort(descending ? byKey.reversed() : byKey);
        return all.subList(0, Math.min(limit, all.size()));
    }

    private List<Found> ofSome(List<Long> ids, Optional<String> after, int limit) {
        int form = FORMS.stream().filter(f -> f >= ids.size()).findFirst().orElseThrow();
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < form; i++) {
            arguments.add(i < ids.size() ? ids.get(i) : -1L); // no row has such a number
            add(arguments, after, limit);
        }
        String each = "SELECT * FROM (" + one("v.set_id = ?", after) + ") s";
        return tx.list(
                String.join(" UNION ALL ", Collections.nCopies(form, each)), VmsBySet::found, arguments.toArray());
    }

    private String one(String set, Optional<String> after) {
        return "SELECT v.id AS id, v.arm_key AS arm_key FROM vm v WHERE " + set + " AND " + conditions.all()
                + (after.isPresent() ? " AND v.arm_key " + (descending ? "<" : ">") + " ?" : "") + " ORDER BY v.arm_key"
                + (descending ? " DESC" : "") + " LIMIT ?";
    }

    private void add(List<Object> arguments, Optional<String> after, int limit) {
        arguments.addAll(conditions.values());
        after.ifPresent(arguments::add);
        arguments.add(limit);
    }

    private static Found found(Row row) throws SQLException {
        return new Found(row.number(), row.text());
    }

    /** The rows, in this order. */
    private List<ConfidentialVm> rows(List<Found> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        int form = Integer.highestOneBit(2 * wanted.size() - 1); // few forms here too: powers of two
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < form; i++) {
            arguments.add(wanted.get(Math.min(i, wanted.size() - 1)).id());
        }
        Map<String, ConfidentialVm> found = new HashMap<>();
        tx.list(
                        SqlVmStore.SELECT + " WHERE v.id IN (" + String.join(", ", Collections.nCopies(form, "?"))
                                + ")",
                        SqlVmStore::read,
                        arguments.toArray())
                .forEach(vm -> found.put(vm.id().key(), vm));
        return wanted.stream()
                .flatMap(w -> Optional.ofNullable(found.get(w.key())).stream())
                .toList();
    }
}
