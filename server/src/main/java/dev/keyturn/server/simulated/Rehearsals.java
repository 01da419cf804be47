package dev.keyturn.server.simulated;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.host.simulated.Fault;
import dev.keyturn.host.simulated.Faults;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** What the simulated host is made to do, by callers that may: asked for at the subscription, and recorded. */
record Rehearsals(Faults faults, VmNames vms, Doors doors, Scope subscription) {
    List<Fault> all(Call call) {
        doors.require(call, Action.SIMULATED_FAULT_READ, subscription);
        return faults.all();
    }

    Optional<Fault> find(Call call, String id) {
        doors.require(call, Action.SIMULATED_FAULT_READ, subscription);
        return faults.find(id);
    }

    /** Refuses a caller that may not, before a body is read. */
    void requireWrite(Call call) {
        doors.require(call, Action.SIMULATED_FAULT_WRITE, subscription);
    }

    /** True where the fault is new. */
    boolean put(Call call, Fault fault) {
        return doors.act(
                call,
                Action.SIMULATED_FAULT_WRITE,
                subscription,
                permit -> permit.on(fault.id()).write(tx -> faults.put(tx, fault)));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is none */
    void remove(Call call, String id) {
        boolean done = doors.act(
                call,
                Action.SIMULATED_FAULT_WRITE,
                subscription,
                permit -> permit.on(id).write(tx -> {
                    if (!faults.remove(tx, id)) {
                        throw unknown(id);
                    }
                    return true;
                }));
        Hit.of(done).require(id);
    }

    static RuntimeException unknown(String id) {
        return new DomainError.NotFound(ErrorInfo.of("FaultNotFound", "There is no fault '" + id + "'.")).asException();
    }

    void clear(Call call) {
        boolean done = doors.act(
                call,
                Action.SIMULATED_FAULT_WRITE,
                subscription,
                permit -> permit.write(tx -> {
                    faults.clear(tx);
                    return true;
                }));
        if (!done) {
            throw new IllegalStateException("not cleared");
        }
    }

    /** Refuses a caller that may not, before a body is read. */
    void requireEvent(Call call) {
        doors.require(call, Action.SIMULATED_EVENT, subscription);
    }

    /** Makes something happen to the VM of that name or id; which one it was. */
    ConfidentialVm event(Call call, String vm, Consumer<UUID> happens) {
        return doors.act(call, Action.SIMULATED_EVENT, subscription, permit -> {
            ConfidentialVm found = vms.find(vm);
            permit.on(found.id().toString());
            happens.accept(found.vmId());
            return found;
        });
    }
}
