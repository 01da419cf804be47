package dev.keyturn.core.fleet;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.fleet.FleetWatch.Watched;
import dev.keyturn.core.fleet.FleetWatch.WatchedKey;
import dev.keyturn.core.fleet.FleetWatch.WatchedSet;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationStore;
import dev.keyturn.core.tx.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look of one caller at a subscription, for one page. How far its rights go was found once, when it began; a role
 * that is given later shows with the next look, and of a set whose role is taken away meanwhile there is nothing. Each
 * question asks the store once, whatever the number of groups. Not inside a transaction.
 */
public final class FleetLook {
    private final Transactions transactions;
    private final DiskSetService sets;
    private final KeyGate gate;
    private final WatchStore store;
    private final RotationStore rotations;
    private final Call call;
    private final String subscription;
    private final Reach overSets;
    private final Reach overVms;

    FleetLook(
            Transactions transactions,
            DiskSetService sets,
            KeyGate gate,
            WatchStore store,
            RotationStore rotations,
            Call call,
            String subscription,
            Reach overSets,
            Reach overVms) {
        this.transactions = transactions;
        this.sets = sets;
        this.gate = gate;
        this.store = store;
        this.rotations = rotations;
        this.call = call;
        this.subscription = subscription;
        this.overSets = overSets;
        this.overVms = overVms;
    }

    /** The sets that the caller may read, by id. Nobody is refused: who may read none is shown none. */
    public Watched sets(int limit) {
        List<ArmId> ids = transactions.read(tx -> store.sets(tx, subscription, overSets, limit + 1));
        List<Census> found = sets.censuses(call, ids.stream().limit(limit).toList());
        return new Watched(overSets, found.stream().map(this::watched).toList(), ids.size() > limit);
    }

    /**
     * The VMs that have an artifact of the set under that key version, of those that the caller may read. Where all of the
     * set is under it these are the set's VMs, since a VM's disks are all under its own set: an index says who they are.
     */
    public Machines needing(WatchedSet watched, WatchedKey key, int limit) {
        ArmId set = watched.census().set().id();
        boolean whole = key.artifacts() == watched.census().total();
        return transactions.read(tx -> whole
                ? store.of(tx, subscription, overVms, set, limit)
                : store.under(tx, subscription, overVms, set, key.key(), limit));
    }

    /** How many VMs these sets have, of those that the caller may read; empty where it may read VMs of no group. */
    public OptionalLong count(List<ArmId> ofSets) {
        return overVms.places().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(transactions.read(tx -> ofSets.stream()
                        .mapToLong(set -> store.countOf(tx, subscription, overVms, set))
                        .sum()));
    }

    /** Whether the caller may read every VM of the subscription, so that no number leaves any out. */
    public boolean everyVm() {
        return overVms.everywhere();
    }

    /** The VMs whose last start, stop or run did not end well, of those that the caller may read. */
    public Machines faulty(int limit) {
        return transactions.read(tx -> store.faulty(tx, subscription, overVms, limit));
    }

    private WatchedSet watched(Census census) {
        DiskEncryptionSet set = census.set();
        Optional<KeyId> next = set.rotation()
                .flatMap(id -> transactions.read(tx -> rotations.find(tx, id)))
                .map(Rotation::to);
        List<WatchedKey> keys = new ArrayList<>();
        census.entries()
                .forEach(e -> keys.add(watched(
                        set, e.key(), e.total(), next.filter(e.key()::equals).isPresent())));
        next.filter(to -> keys.stream().noneMatch(k -> k.key().equals(to)))
                .ifPresent(to -> keys.add(watched(set, to, 0, true)));
        return new WatchedSet(census, keys);
    }

    private WatchedKey watched(DiskEncryptionSet set, KeyId key, long artifacts, boolean next) {
        KeyGate.KeyState state = gate.state(set, key);
        return new WatchedKey(key, artifacts, next, state.lost(), state.expires());
    }
}
