package dev.keyturn.core.fleet;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.List;
import java.util.Optional;

/**
 * The rows of VMs by other things than their ids. What a call costs grows with the number of VMs that are looked through,
 * and they are looked through in an index: 100,000 take some ten milliseconds.
 */
@CheckReturnValue
public interface FleetStore {
    /** Those of the subscription that the filter lets through, by id, from after the key {@code after}. */
    List<ConfidentialVm> find(Tx tx, String subscription, VmFilter filter, Optional<String> after, int limit);

    /** The same in another order, from behind a place in it. */
    List<ConfidentialVm> sorted(
            Tx tx, String subscription, VmFilter filter, VmSort sort, Optional<VmSort.Place> behind, int limit);

    /** How many of the subscription the filter lets through, by power state. */
    VmCounts count(Tx tx, String subscription, VmFilter filter);
}
