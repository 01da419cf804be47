package dev.keyturn.server.portal.vms;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.VmStore;
import dev.keyturn.server.portal.frame.Condition;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.operations.OperationLine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One VM: how it is, what it consists of, what is at work on it, and what the person may do now.
 *
 * @param delete where it is deleted; empty where the person may not
 * @param facts what there is to know, by name
 * @param tags sorted
 * @param past what was done to it, the last first, as far as it is known
 * @param byItself whether nothing of that explains how it is
 * @param crashes when else it stopped by itself, the last first
 * @param console where its console is; empty where the person may not read it
 * @param newDisk where a data disk is attached; empty where the person may not write it
 */
public record VmPage(
        VmRow vm,
        String id,
        Optional<String> delete,
        Map<String, String> facts,
        Map<String, String> tags,
        Optional<Fault> fault,
        List<String> warnings,
        List<KeyedPart> artifacts,
        List<DiskLine> disks,
        Optional<Work> work,
        List<OperationLine> past,
        boolean byItself,
        List<VmStore.Crash> crashes,
        List<VmAct> acts,
        Optional<String> console,
        Optional<String> newDisk) {
    public VmPage {
        warnings = List.copyOf(warnings);
        artifacts = List.copyOf(artifacts);
        disks = List.copyOf(disks);
        acts = List.copyOf(acts);
        past = List.copyOf(past);
        crashes = List.copyOf(crashes);
    }

    /** Why the last start, stop or run did not end well, with all that it consists of. */
    public record Fault(String code, String message, List<String> details) {
        public Fault {
            details = List.copyOf(details);
        }

        static Fault of(ErrorInfo error) {
            return new Fault(
                    error.code(),
                    error.message(),
                    error.details().stream().map(ErrorInfo::message).toList());
        }
    }

    /** An artifact; {@code key} is empty where it is under the platform's key. */
    public record KeyedPart(
            String kind, Optional<Owner> disk, Optional<KeyLook> key, String host, Optional<Opened> opened) {}

    /** The disk that an artifact is of. */
    public record Owner(String name, String href) {}

    /** That it opened: then, or not before then where that is not {@code exact}; {@code how} is what proves it, which {@code by} asked for. */
    public record Opened(Instant at, boolean exact, String how, Optional<String> by) {}

    /** A disk; {@code use} says what the VM has it as. */
    public record DiskLine(String name, String href, String use, int sizeGb, Condition state) {}

    /** An operation that has not ended. */
    public record Work(String what, Instant since, String by, Optional<Integer> percent) {}

    public boolean moving() {
        return work.isPresent() || vm.state().kind().equals("working");
    }
}
