package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import java.util.List;

/** A CVM with its disks: OS disk first, then data disks by lun. */
public record VmView(ConfidentialVm vm, List<Disk> disks) {
    public VmView {
        disks = List.copyOf(disks);
    }
}
