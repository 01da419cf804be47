package dev.keyturn.core.rotation;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.power.StoppedVm;
import dev.keyturn.core.power.StoppedVmStore;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which VMs were stopped for a change of a key that is done, to be started again. It only reads. Thread-safe. */
public final class StoppedVms {
    /** So many tries of one change of a key are looked through. */
    private static final int TRIES = 50;

    private final Transactions transactions;
    private final StoppedVmStore stops;
    private final ResourceStore resources;
    private final RotationService rotations;
    private final Doors doors;
    private final Clock clock;

    public StoppedVms(
            Transactions transactions,
            StoppedVmStore stops,
            ResourceStore resources,
            RotationService rotations,
            Doors doors,
            Clock clock) {
        this.transactions = transactions;
        this.stops = stops;
        this.resources = resources;
        this.rotations = rotations;
        this.doors = doors;
        this.clock = clock;
    }

    /**
     * VMs that have not run since they were stopped.
     *
     * @param first the first of them, by id
     * @param all how many there are
     */
    public record Off(List<StoppedVm> first, int all) {
        static final Off NONE = new Off(List.of(), 0);

        public Off {
            first = List.copyOf(first);
        }
    }

    /**
     * What became of them.
     *
     * @param off those stopped for the last change that have not run since
     * @param earlier those stopped for a change before it that have not run since
     * @param started how many of the last change's ran again meanwhile, whoever wanted that
     * @param moving how many of those are being started or stopped now
     * @param ranOn how many of those did not stop
     * @param gone how many of those are no more
     */
    public record Found(Off off, Off earlier, int started, int moving, int ranOn, int gone) {
        static final Found NONE = new Found(Off.NONE, Off.NONE, 0, 0, 0, 0);

        public int all() {
            return off.all() + earlier.all() + started + moving + ranOn + gone;
        }
    }

    /**
     * Those that ran and were stopped for the set's last change of its key, or for a try of it that failed before, and those
     * that are still off since a change before it; nothing unless that last change is done.
     *
     * @param limit how many that are off are named
     */
    public Found of(Call call, ArmId set, int limit) {
        doors.require(call, Action.DISK_SET_READ, Scope.of(set));
        List<Account> known = rotations.history(call, set, TRIES);
        return transactions.read(tx -> {
            Optional<Instant> made = resources.find(tx, set).map(Resource::createdAt);
            // a set of its name may have been there before it
            List<Account> changes = known.stream()
                    .filter(a -> made.filter(m -> !a.rotation().startedAt().isBefore(m))
                            .isPresent())
                    .toList();
            if (changes.isEmpty() || changes.getFirst().status() != OperationStatus.SUCCEEDED) {
                return Found.NONE;
            }
            Instant since = clock.instant().minus(StoppedVmStore.KEPT);
            return found(tx, set, made.filter(since::isBefore).orElse(since), new Changes(changes), limit);
        });
    }

    private Found found(Tx tx, ArmId set, Instant since, Changes changes, int limit) {
        List<StoppedVm.Count> counts = stops.counts(tx, set, since);
        List<StoppedVm.Count> last =
                counts.stream().filter(c -> changes.ofLast(c.afterRotation())).toList();
        List<StoppedVm.Count> earlier = counts.stream()
                .filter(c -> changes.ofEarlier(c.afterRotation()))
                .toList();
        return new Found(
                off(tx, set, since, last, limit),
                off(tx, set, since, earlier, limit),
                number(last, StoppedVm.Now.STARTED),
                number(last, StoppedVm.Now.MOVING),
                number(last, StoppedVm.Now.RAN_ON),
                number(last, StoppedVm.Now.GONE));
    }

    private Off off(Tx tx, ArmId set, Instant since, List<StoppedVm.Count> counts, int limit) {
        int all = number(counts, StoppedVm.Now.OFF);
        if (all == 0) {
            return Off.NONE;
        }
        Set<Optional<OperationId>> after = new HashSet<>();
        counts.forEach(c -> after.add(c.afterRotation()));
        return new Off(stops.off(tx, set, since, after, limit), all);
    }

    private static int number(List<StoppedVm.Count> counts, StoppedVm.Now now) {
        return counts.stream()
                .filter(c -> c.now() == now)
                .mapToInt(StoppedVm.Count::number)
                .sum();
    }

    /** The set's changes of its key, the newest first, which is done. */
    private record Changes(List<Account> all) {
        /** Stopped for the newest, or for those before it that failed: what had begun last then is not behind a success. */
        boolean ofLast(Optional<OperationId> after) {
            int place = place(after);
            return place > 0 && place <= before();
        }

        boolean ofEarlier(Optional<OperationId> after) {
            return place(after) > before();
        }

        /** How many changes have begun since; for all that is not known, as before the first, or further back than known. */
        private int place(Optional<OperationId> after) {
            for (int i = 0; i < all.size(); i++) {
                if (after.equals(Optional.of(all.get(i).rotation().id()))) {
                    return i;
                }
            }
            return all.size() < TRIES ? all.size() : Integer.MAX_VALUE;
        }

        /** Where the change that succeeded before the newest one is. */
        private int before() {
            for (int i = 1; i < all.size(); i++) {
                if (all.get(i).status() == OperationStatus.SUCCEEDED) {
                    return i;
                }
            }
            return all.size();
        }
    }
}
