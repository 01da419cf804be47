package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a CVM beyond its description. {@code hostLabel} says honestly what its host is; {@code notes} are
 * the host's own, empty where it does not answer; {@code unknown} says why what is recorded of the VM's power is no more
 * than what was last known, where its host does not answer; {@code warnings} are things that do not stop the VM but will get in
 * somebody's way (R7).
 */
public record InstanceView(
        ConfidentialVm vm,
        List<Disk> disks,
        String hostLabel,
        Map<String, String> notes,
        Optional<ErrorInfo> unknown,
        List<ErrorInfo> warnings) {
    public InstanceView {
        disks = List.copyOf(disks);
        notes = Map.copyOf(notes);
        warnings = List.copyOf(warnings);
    }
}
