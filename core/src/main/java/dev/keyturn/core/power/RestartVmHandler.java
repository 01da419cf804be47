package dev.keyturn.core.power;

import dev.keyturn.core.diskset.SetRows;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.Starting;
import dev.keyturn.core.vm.VmHandler;
import java.time.Duration;
import java.util.Optional;

/** Stops and starts in one operation, under which the VM stays busy: no rotation begins in the middle. */
final class RestartVmHandler extends VmHandler {
    private final Starting starting;
    private final SetRows sets;
    private final Duration shutdownLimit;

    RestartVmHandler(PowerParts parts) {
        super(parts.rows(), parts.hosts());
        this.starting = parts.starting();
        this.sets = parts.setRows();
        this.shutdownLimit = parts.shutdownLimit();
    }

    @Override
    public OperationKind kind() {
        return OperationKind.RESTART_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        if (vm.power() == PowerState.STOPPING) {
            host(vm).stop(lease.fence(), vm.vmId(), shutdownLimit);
            lease.run(tx -> {
                sets.free(tx, vm.set(), "started");
                rows.power(tx, vm.id(), PowerEvent.RESTART_STOPPED, Optional.empty());
            });
        }
        starting.start(lease, vm);
        return tx -> {
            return succeeded(tx, rows.power(tx, operation.target(), PowerEvent.HOST_STARTED, Optional.empty()));
        };
    }
}
