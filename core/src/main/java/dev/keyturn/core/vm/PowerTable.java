package dev.keyturn.core.vm;

import static dev.keyturn.core.host.PowerState.DEALLOCATED;
import static dev.keyturn.core.host.PowerState.DEALLOCATING;
import static dev.keyturn.core.host.PowerState.RUNNING;
import static dev.keyturn.core.host.PowerState.STARTING;
import static dev.keyturn.core.host.PowerState.STOPPED;
import static dev.keyturn.core.host.PowerState.STOPPING;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which power state follows on which event (docs/architecture.md, "Power states"). A pair that is not in the table is
 * refused. A state that leads to itself means that there is nothing to do.
 */
public final class PowerTable {
    private static final Map<PowerEvent, Map<PowerState, PowerState>> TABLE = new EnumMap<>(PowerEvent.class);

    static {
        add(PowerEvent.START_ASKED, DEALLOCATED, STARTING);
        add(PowerEvent.START_ASKED, STOPPED, STARTING);
        add(PowerEvent.START_ASKED, RUNNING, RUNNING);

        add(PowerEvent.HOST_STARTED, STARTING, RUNNING);
        // The reconciliation may have been quicker than the end of the operation.
        add(PowerEvent.HOST_STARTED, RUNNING, RUNNING);
        // A failed stop leaves the machine where it may run, so nothing that needs it stopped goes ahead until the
        // host says otherwise; a failed start was refused by the host.
        add(PowerEvent.START_FAILED, STARTING, STOPPED);
        add(PowerEvent.STOP_FAILED, STOPPING, RUNNING);
        add(PowerEvent.STOP_FAILED, DEALLOCATING, RUNNING);

        add(PowerEvent.POWER_OFF_ASKED, RUNNING, STOPPING);
        add(PowerEvent.POWER_OFF_ASKED, STOPPED, STOPPED);
        add(PowerEvent.POWER_OFF_ASKED, DEALLOCATED, DEALLOCATED);

        add(PowerEvent.DEALLOCATE_ASKED, RUNNING, DEALLOCATING);
        add(PowerEvent.DEALLOCATE_ASKED, STOPPED, DEALLOCATING);
        add(PowerEvent.DEALLOCATE_ASKED, DEALLOCATED, DEALLOCATED);

        add(PowerEvent.RESTART_ASKED, RUNNING, STOPPING);
        add(PowerEvent.RESTART_STOPPED, STOPPING, STARTING);

        add(PowerEvent.HOST_STOPPED, STOPPING, STOPPED);
        add(PowerEvent.HOST_STOPPED, DEALLOCATING, DEALLOCATED);

        add(PowerEvent.HOST_SAYS_RUNNING, STOPPED, RUNNING);
        add(PowerEvent.HOST_SAYS_RUNNING, DEALLOCATED, RUNNING);
        add(PowerEvent.HOST_SAYS_STOPPED, RUNNING, STOPPED);
    }

    private PowerTable() {}

    private static void add(PowerEvent event, PowerState from, PowerState to) {
        TABLE.computeIfAbsent(event, e -> new EnumMap<>(PowerState.class)).put(from, to);
    }

    /** Empty where the event may not happen in that state. */
    public static Optional<PowerState> next(PowerState from, PowerEvent event) {
        return Optional.ofNullable(TABLE.getOrDefault(event, Map.of()).get(from));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Conflict} that names VM, state and event */
    public static PowerState require(ArmId vm, PowerState from, PowerEvent event) {
        return next(from, event)
                .orElseThrow(() -> new DomainError.Conflict(ErrorInfo.at(
                                vm.toString(),
                                "OperationNotAllowed",
                                "VM '" + vm.name() + "' is in PowerState/" + from.wire() + " and cannot be "
                                        + event.verb() + " from there."))
                        .asException());
    }
}
