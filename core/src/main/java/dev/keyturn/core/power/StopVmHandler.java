package dev.keyturn.core.power;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.VmHandler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Power off and deallocate: they differ in the state they lead to. */
final class StopVmHandler extends VmHandler {
    private static final String SKIP_SHUTDOWN = "skipShutdown";
    private static final String REASON_CODE = "reasonCode";
    private static final String REASON = "reason";

    private final OperationKind kind;
    private final Duration shutdownLimit;

    StopVmHandler(PowerParts parts, OperationKind kind) {
        super(parts.rows(), parts.hosts());
        this.kind = kind;
        this.shutdownLimit = parts.shutdownLimit();
    }

    static Map<String, String> arguments(boolean skipShutdown) {
        return Map.of(SKIP_SHUTDOWN, Boolean.toString(skipShutdown));
    }

    /** A stop that nobody asked for: the VM keeps the reason as its fault. */
    static Map<String, String> arguments(ErrorInfo reason) {
        return Map.of(SKIP_SHUTDOWN, "false", REASON_CODE, reason.code(), REASON, reason.message());
    }

    @Override
    public OperationKind kind() {
        return kind;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ConfidentialVm vm = vm(operation, lease);
        boolean skip = Boolean.parseBoolean(operation.arguments().getOrDefault(SKIP_SHUTDOWN, "false"));
        host(vm).stop(lease.fence(), vm.vmId(), skip ? Duration.ZERO : shutdownLimit);
        Optional<ErrorInfo> reason = Optional.ofNullable(operation.arguments().get(REASON))
                .map(message -> ErrorInfo.of(operation.argument(REASON_CODE), message));
        return tx -> {
            rows.power(tx, operation.target(), PowerEvent.HOST_STOPPED, reason);
            return succeeded(tx, rows.vm(tx, operation.target()));
        };
    }
}
