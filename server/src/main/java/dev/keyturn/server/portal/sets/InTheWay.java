package dev.keyturn.server.portal.sets;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.Optional;

/**
 * What a preflight found, by kind.
 *
 * @param unknown why nothing can be said now
 * @param toStop the VMs that can be asked to stop, the first of them
 * @param again where the region is fetched from again; absent where nothing is in the way, or it was asked often enough
 */
public record InTheWay(
        List<Group> groups,
        List<String> warnings,
        Optional<String> unknown,
        List<ArmId> toStop,
        Optional<String> again) {
    public InTheWay {
        groups = List.copyOf(groups);
        warnings = List.copyOf(warnings);
        toStop = List.copyOf(toStop);
    }

    /**
     * Reasons of one kind.
     *
     * @param title how many of what
     * @param why what helps, in words
     * @param lines all of them, as far as they are shown
     * @param more how many are not shown
     */
    public record Group(String title, String why, List<Line> lines, int more, Optional<Remedy> remedy) {
        public Group {
            lines = List.copyOf(lines);
        }
    }

    /** One reason; {@code href} leads to what it is about. */
    public record Line(String text, Optional<String> href) {}

    /** A button that takes the reasons away. */
    public record Remedy(String label, String action) {}

    public boolean clear() {
        return groups.isEmpty() && unknown.isEmpty();
    }

    static InTheWay unknown(ErrorInfo why, Optional<String> again) {
        return new InTheWay(List.of(), List.of(), Optional.of(why.message()), List.of(), again);
    }
}
