package dev.keyturn.server.portal.vms;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.PowerTable;
import java.util.Arrays;
import java.util.Locale;

/** What a person can do to the power of VMs, one or many. */
public enum VmAct {
    START("Start", "started", Action.VM_START, PowerEvent.START_ASKED),
    RESTART("Restart", "restarted", Action.VM_RESTART, PowerEvent.RESTART_ASKED),
    STOP("Stop", "stopped", Action.VM_POWER_OFF, PowerEvent.POWER_OFF_ASKED),
    DEALLOCATE("Deallocate", "deallocated", Action.VM_DEALLOCATE, PowerEvent.DEALLOCATE_ASKED);

    /** How many VMs one request takes. */
    public static final int MOST = 2_000;

    private final String word;
    private final String done;
    private final Action action;
    private final PowerEvent event;

    VmAct(String word, String done, Action action, PowerEvent event) {
        this.word = word;
        this.done = done;
        this.action = action;
        this.event = event;
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} where there is none of that name */
    static VmAct of(String field) {
        return Arrays.stream(values())
                .filter(a -> a.field().equals(field))
                .findFirst()
                .orElseThrow(
                        () -> DomainError.invalid("action", "There is no action '" + field + "' on virtual machines.")
                                .asException());
    }

    /** What forms call it. */
    public String field() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the API calls it. */
    String wire() {
        return this == STOP ? "powerOff" : field();
    }

    public String word() {
        return word;
    }

    /** What a VM is after it. */
    public String done() {
        return done;
    }

    Action action() {
        return action;
    }

    /** Whether it takes VMs away from those who use them. */
    public boolean ends() {
        return this != START;
    }

    /** Whether a VM moves by it; a refusal, or that there is nothing to do, are the services' to say. */
    boolean moves(ConfidentialVm vm) {
        return !(vm.ephemeral() && (this == STOP || this == DEALLOCATE)) && moves(vm.power());
    }

    boolean moves(PowerState power) {
        return PowerTable.next(power, event).filter(next -> next != power).isPresent();
    }

    Accepted<ConfidentialVm> on(PowerService power, Call call, ArmId id) {
        return switch (this) {
            case START -> power.start(call, id);
            case RESTART -> power.restart(call, id);
            case STOP -> power.powerOff(call, id, false);
            case DEALLOCATE -> power.deallocate(call, id);
        };
    }
}
