package dev.keyturn.core.fleet;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which VMs are looked for: all conditions hold at once, one that is empty asks for nothing. {@code text} is somewhere in
 * the name, in any case. Immutable.
 *
 * @param keyless only those under the platform's key, which are in no set
 * @param faulty only those that have a fault
 */
public record VmFilter(
        Optional<String> text, Optional<ArmId> set, boolean keyless, Optional<Powered> power, boolean faulty) {
    public static final VmFilter ALL = new VmFilter(Optional.empty(), Optional.empty(), false, Optional.empty(), false);

    public VmFilter {
        text = text.map(t -> t.strip().toLowerCase(Locale.ROOT)).filter(t -> !t.isEmpty());
    }

    /** Power states that a person does not tell apart. */
    public enum Powered {
        RUNNING,
        /** On the way from one state to another. */
        WORKING,
        STOPPED,
        DEALLOCATED;

        public Set<PowerState> states() {
            return switch (this) {
                case RUNNING -> Set.of(PowerState.RUNNING);
                case WORKING -> Set.of(PowerState.STARTING, PowerState.STOPPING, PowerState.DEALLOCATING);
                case STOPPED -> Set.of(PowerState.STOPPED);
                case DEALLOCATED -> Set.of(PowerState.DEALLOCATED);
            };
        }
    }

    public VmFilter named(String part) {
        return new VmFilter(Optional.of(part), set, keyless, power, faulty);
    }

    public VmFilter of(ArmId diskSet) {
        return new VmFilter(text, Optional.of(diskSet), keyless, power, faulty);
    }

    public VmFilter ofNoSet() {
        return new VmFilter(text, set, true, power, faulty);
    }

    public VmFilter in(Powered group) {
        return new VmFilter(text, set, keyless, Optional.of(group), faulty);
    }

    public VmFilter withFault() {
        return new VmFilter(text, set, keyless, power, true);
    }
}
