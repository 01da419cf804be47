package dev.keyturn.core.fleet;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.List;

/**
 * What would break without a key, or without one of its versions: for who may read all sets and VMs of the subscription.
 * A key version is named by a {@link KeyId}, all of a key by one with an empty version, all of a vault by one with an
 * empty name as well. It only reads. Thread-safe.
 */
public final class KeyUseService {
    private final Transactions transactions;
    private final KeyUseStore uses;
    private final Doors doors;

    public KeyUseService(Transactions transactions, KeyUseStore uses, Doors doors) {
        this.transactions = transactions;
        this.uses = uses;
        this.doors = doors;
    }

    /** The VMs that have an artifact under a key: how many in which state, and some of them, those that run first. */
    public record Machines(VmCounts counts, List<ConfidentialVm> some) {
        public Machines {
            some = List.copyOf(some);
        }
    }

    /** The sets that need a version of it. */
    public List<KeyUse> sets(Call call, String subscription, KeyId key) {
        doors.require(call, Action.DISK_SET_READ, Scope.subscription(subscription));
        return transactions.read(tx -> uses.uses(tx, subscription, key));
    }

    /** The VMs that need it, of which {@code limit} are named; all as one moment has them. */
    public Machines machines(Call call, String subscription, KeyId key, int limit) {
        Scope all = Scope.subscription(subscription);
        doors.require(call, Ask.all(doors.roles(Action.VM_READ, all), List.of(doors.roles(Action.DISK_SET_READ, all))));
        return transactions.read(
                tx -> new Machines(uses.count(tx, subscription, key), uses.vms(tx, subscription, key, limit)));
    }
}
