package dev.keyturn.core.fleet;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vm.ConfidentialVm;
import java.util.List;
import java.util.Locale;

/**
 * An order of VMs other than by their ids: by what is asked for, and of one value by id, in the same direction. Immutable.
 */
public record VmSort(By by, boolean descending) {
    /** What VMs can be in the order of. Text is compared as it stands, byte by byte; names in lower case. */
    public enum By {
        NAME,
        /** The name of the set; those under the platform's key have none, which comes first. */
        SET,
        /** Those that run, those on their way, those that are off. */
        STATE,
        HOST;

        /** The power states in their order. */
        public static final List<PowerState> STATES = List.of(
                PowerState.RUNNING,
                PowerState.STARTING,
                PowerState.STOPPING,
                PowerState.DEALLOCATING,
                PowerState.STOPPED,
                PowerState.DEALLOCATED);

        /** What places the VM; the store sorts by the same. */
        public String value(ConfidentialVm vm) {
            return switch (this) {
                case NAME -> vm.id().name().toLowerCase(Locale.ROOT);
                case SET -> vm.set().map(ArmId::name).orElse("").toLowerCase(Locale.ROOT);
                case STATE -> String.valueOf(STATES.indexOf(vm.power()));
                case HOST -> vm.host();
            };
        }
    }

    /** Behind which VM a page begins: its value as it was when the page before was made, and its key. */
    public record Place(String value, String key) {}
}
