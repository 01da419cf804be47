package dev.keyturn.server.portal.vms;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.Locale;

/**
 * How a VM's state looks.
 *
 * @param kind its class in the style: {@code done}, {@code working}, {@code off}, {@code warning}
 */
public record VmLook(String kind, String word) {
    static VmLook of(ConfidentialVm vm) {
        return switch (vm.head().state()) {
            case CREATING -> new VmLook("working", "Being made");
            case DELETING -> new VmLook("working", "Being deleted");
            case UPDATING ->
                vm.power().stopped() || vm.power() == PowerState.RUNNING
                        ? new VmLook("working", word(vm.power()) + ", being changed")
                        : of(vm.power());
            case SUCCEEDED, FAILED -> of(vm.power());
        };
    }

    /** Of one whose host does not answer: what was last known may not be so any more. */
    static VmLook unknown(ConfidentialVm vm) {
        return new VmLook("warning", "Unknown, last known " + vm.power().wire());
    }

    static VmLook of(PowerState power) {
        return new VmLook(
                switch (power) {
                    case RUNNING -> "done";
                    case STARTING, STOPPING, DEALLOCATING -> "working";
                    case STOPPED, DEALLOCATED -> "off";
                },
                word(power));
    }

    private static String word(PowerState power) {
        return power.wire().substring(0, 1).toUpperCase(Locale.ROOT)
                + power.wire().substring(1);
    }
}
