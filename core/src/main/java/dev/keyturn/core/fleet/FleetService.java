package dev.keyturn.core.fleet;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.util.List;
import java.util.Optional;

/** Finds confidential VMs in a fleet of any size, and says what is at work on them. It only reads. Thread-safe. */
public final class FleetService {
    private final Transactions transactions;
    private final FleetStore fleet;
    private final VmStore vms;
    private final OperationService operations;
    private final Doors doors;

    public FleetService(
            Transactions transactions, FleetStore fleet, VmStore vms, OperationService operations, Doors doors) {
        this.transactions = transactions;
        this.fleet = fleet;
        this.vms = vms;
        this.operations = operations;
        this.doors = doors;
    }

    /** Those of the subscription that the filter lets through, by id, from after the key {@code after}. */
    public List<ConfidentialVm> find(
            Call call, String subscription, VmFilter filter, Optional<String> after, int limit) {
        doors.require(call, Action.VM_READ, Scope.subscription(subscription));
        return transactions.read(tx -> fleet.find(tx, subscription, filter, after, limit));
    }

    /** As {@link #find}, in another order. */
    public List<ConfidentialVm> sorted(
            Call call, String subscription, VmFilter filter, VmSort sort, Optional<VmSort.Place> behind, int limit) {
        doors.require(call, Action.VM_READ, Scope.subscription(subscription));
        return transactions.read(tx -> fleet.sorted(tx, subscription, filter, sort, behind, limit));
    }

    public VmCounts count(Call call, String subscription, VmFilter filter) {
        doors.require(call, Action.VM_READ, Scope.subscription(subscription));
        return transactions.read(tx -> fleet.count(tx, subscription, filter));
    }

    /** A VM, and the operation that is at work on it. */
    public record AtWork(ConfidentialVm vm, Optional<Operation> operation) {
        /** Whether it is about to be in another state. */
        public boolean working() {
            return operation.isPresent() || vm.head().state().busy();
        }
    }

    /**
     * Those of the VMs that are there, in the order in which they are asked for, all as one moment has them.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where one of them may not be read
     */
    public List<AtWork> at(Call call, List<ArmId> ids) {
        ids.forEach(id -> doors.require(call, Action.VM_READ, Scope.of(id)));
        return transactions.read(tx -> ids.stream()
                .flatMap(id -> vms.find(tx, id).stream())
                .map(vm -> new AtWork(vm, operations.running(tx, vm.id())))
                .toList());
    }
}
