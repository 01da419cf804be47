package dev.keyturn.store;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.FleetStore;
import dev.keyturn.core.fleet.VmCounts;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.fleet.VmSort;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks for VMs in the indexes that are made for it; only the rows of a page are read. */
final class SqlFleetStore implements FleetStore {
    /** How many are in each power state, in the order of the states: grouped, they would be sorted first. */
    static final String COUNTS = Arrays.stream(PowerState.values())
            .map(state -> "count(CASE WHEN v.power = '" + state + "' THEN 1 END)")
            .collect(Collectors.joining(", "));

    private static final String SETS = "/providers/" + Heads.lower(DiskEncryptionSet.TYPE) + "/";
    private static final String SET_NAME = "coalesce((SELECT substr(n.arm_key, instr(n.arm_key, '" + SETS + "') + "
            + SETS.length() + ") FROM resource n WHERE n.id = v.set_id), '')";

    private static final String STATE = IntStream.range(0, VmSort.By.STATES.size())
            .mapToObj(i -> " WHEN '" + VmSort.By.STATES.get(i) + "' THEN '" + i + "'")
            .collect(Collectors.joining("", "CASE v.power", " END"));

    @Override
    public List<ConfidentialVm> find(Tx tx, String subscription, VmFilter filter, Optional<String> after, int limit) {
        Conditions conditions = Conditions.of(subscription, filter, after);
        return SqlTx.of(tx)
                .list(
                        SqlVmStore.SELECT + " WHERE v.id IN (SELECT v.id FROM vm v" + conditions.where()
                                + " ORDER BY v.arm_key LIMIT ?) ORDER BY v.arm_key",
                        SqlVmStore::read,
                        conditions.arguments(limit));
    }

    /**
     * By set the VMs are read set by set ({@link VmsBySet}), but for the few that have a fault. Else looks through an index
     * of all that the filter lets through, in the direction of the order, and keeps the first: no other order has an index of
     * its own. Read the other way round, each would push out one that was kept before. The limit
     * within is none; it keeps the inner order.
     */
    @Override
    public List<ConfidentialVm> sorted(
            Tx tx, String subscription, VmFilter filter, VmSort sort, Optional<VmSort.Place> behind, int limit) {
        Conditions conditions = Conditions.of(subscription, filter, Optional.empty());
        if (sort.by() == VmSort.By.SET && !filter.faulty()) {
            return new VmsBySet(SqlTx.of(tx), conditions, sort.descending()).page(behind, limit);
        }
        String way = sort.descending() ? " DESC" : "";
        String value = value(sort.by());
        String placed = "(SELECT v.id, v.arm_key, " + value + " AS place FROM vm v" + conditions.where()
                + " ORDER BY v.arm_key" + way + " LIMIT " + Long.MAX_VALUE + ") p";
        String from = behind.map(_ -> " WHERE (p.place, p.arm_key) " + (sort.descending() ? "<" : ">") + " (?, ?)")
                .orElse("");
        List<Object> more = new ArrayList<>();
        behind.ifPresent(place -> more.addAll(List.of(place.value(), place.key())));
        more.add(limit);
        return SqlTx.of(tx)
                .list(
                        SqlVmStore.SELECT + " WHERE v.id IN (SELECT p.id FROM " + placed + from + " ORDER BY p.place"
                                + way + ", p.arm_key" + way + " LIMIT ?) ORDER BY " + value + way + ", v.arm_key" + way,
                        SqlVmStore::read,
                        conditions.arguments(more.toArray()));
    }

    /** As {@link VmSort.By#value}. */
    private static String value(VmSort.By by) {
        return switch (by) {
            case NAME -> "v.name";
            case SET -> SET_NAME;
            case STATE -> STATE;
            case HOST -> "v.host";
        };
    }

    @Override
    public VmCounts count(Tx tx, String subscription, VmFilter filter) {
        Conditions conditions = Conditions.of(subscription, filter, Optional.empty());
        return SqlTx.of(tx)
                .list(
                        "SELECT " + COUNTS + " FROM vm v" + conditions.where(),
                        SqlFleetStore::counts,
                        conditions.arguments())
                .getFirst();
    }

    static VmCounts counts(Row row) throws SQLException {
        Map<PowerState, Long> counts = new EnumMap<>(PowerState.class);
        for (PowerState state : PowerState.values()) {
            counts.put(state, row.number());
        }
        return new VmCounts(counts);
    }

    /** What a filter asks of the rows {@code vm v}. Values are arguments, never text of the statement. */
    record Conditions(List<String> texts, List<Object> values) {
        static Conditions of(String subscription, VmFilter filter, Optional<String> after) {
            String prefix = Heads.prefix(subscription, Optional.empty());
            Conditions all = new Conditions(new ArrayList<>(), new ArrayList<>());
            all.add("v.arm_key > ?", Heads.start(prefix, after));
            all.add("v.arm_key < ?", Heads.end(prefix));
            filter.set().ifPresent(set -> all.add("v.set_id = (SELECT id FROM resource WHERE arm_key = ?)", set));
            if (filter.keyless()) {
                all.add("v.set_id IS NULL");
            }
            filter.power().ifPresent(group -> {
                String marks =
                        String.join(", ", Collections.nCopies(group.states().size(), "?"));
                all.add("v.power IN (" + marks + ")", group.states().toArray());
            });
            filter.text().ifPresent(text -> all.add("instr(v.name, ?) > 0", text));
            if (filter.faulty()) {
                all.add("v.fault IS NOT NULL");
            }
            return all;
        }

        private void add(String text, Object... arguments) {
            texts.add(text);
            values.addAll(List.of(arguments));
        }

        String where() {
            return " WHERE " + all();
        }

        String all() {
            return String.join(" AND ", texts);
        }

        /** With {@code more} behind those of the conditions. */
        @Nullable
        Object[] arguments(Object... more) {
            List<Object> all = new ArrayList<>(values);
            all.addAll(List.of(more));
            return all.toArray();
        }
    }
}
