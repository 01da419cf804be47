package dev.keyturn.core.power;

import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.Starting;
import dev.keyturn.core.vm.VmHandler;
import java.util.Optional;

final class StartVmHandler extends VmHandler {
    private final Starting starting;

    StartVmHandler(PowerParts parts) {
        super(parts.rows(), parts.hosts());
        this.starting = parts.starting();
    }

    @Override
    public OperationKind kind() {
        return OperationKind.START_VM;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        starting.start(lease, vm(operation, lease));
        return tx -> {
            return succeeded(tx, rows.power(tx, operation.target(), PowerEvent.HOST_STARTED, Optional.empty()));
        };
    }
}
