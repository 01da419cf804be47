package dev.keyturn.core.fleet;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.KeyGate;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Reaches;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.rotation.RotationStore;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an operator looks at first: the sets with the state of their keys, and the VMs that do not do as they should. Each
 * is of what the caller may read and no more: all of the subscription, or the groups and sets where the caller holds a
 * role. Reads facts of keys and uses none, so the record has nothing of it. Thread-safe; not inside a transaction.
 */
public final class FleetWatch {
    private final Transactions transactions;
    private final DiskSetService sets;
    private final KeyGate gate;
    private final WatchStore store;
    private final RotationStore rotations;
    private final Reaches reaches;

    public FleetWatch(
            Transactions transactions,
            DiskSetService sets,
            KeyGate gate,
            WatchStore store,
            RotationStore rotations,
            Reaches reaches) {
        this.transactions = transactions;
        this.sets = sets;
        this.gate = gate;
        this.store = store;
        this.rotations = rotations;
        this.reaches = reaches;
    }

    /**
     * A key version that a set needs.
     *
     * @param artifacts how many of the set are under it
     * @param next whether a rotation under way brings the set under it
     * @param lost why the set cannot unwrap with it; empty where it can
     * @param expires when nothing new can be put under it any more; what is under it opens after that too
     */
    public record WatchedKey(
            KeyId key, long artifacts, boolean next, Optional<ErrorInfo> lost, Optional<Instant> expires) {}

    /** A set, and the key versions that it needs, the active one first, what it is rotated to among them. */
    public record WatchedSet(Census census, List<WatchedKey> keys) {
        public WatchedSet {
            keys = List.copyOf(keys);
        }
    }

    /**
     * What the caller may read.
     *
     * @param more whether there are other sets
     */
    public record Watched(Reach reach, List<WatchedSet> sets, boolean more) {
        public Watched {
            sets = List.copyOf(sets);
        }
    }

    /** Some VMs of how many. */
    public record Machines(List<ArmId> some, long total) {
        public static final Machines NONE = new Machines(List.of(), 0);

        public Machines {
            some = List.copyOf(some);
        }
    }

    /** Begins to look as the caller, with the roles that it holds now. */
    public FleetLook look(Call call, String subscription) {
        PrincipalId who = call.caller().principal();
        return transactions.read(tx -> new FleetLook(
                transactions,
                sets,
                gate,
                store,
                rotations,
                call,
                subscription,
                reaches.of(tx, who, Action.DISK_SET_READ, DiskEncryptionSet.TYPE, subscription),
                reaches.of(tx, who, Action.VM_READ, ConfidentialVm.TYPE, subscription)));
    }
}
