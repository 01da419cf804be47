package dev.keyturn.core.vm;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.image.ImageReference;
import java.util.ArrayList;
import java.util.List;

/**
 * What a VM is made of, its maker must be allowed to use (Azure's linked checks): to read its set and image, to write its
 * disks, to join its network interfaces.
 */
final class VmLinks {
    private VmLinks() {}

    static List<Ask> of(Doors doors, VmSpec spec) {
        List<Ask> all = new ArrayList<>();
        spec.osDisk().set().ifPresent(s -> all.add(doors.roles(Action.DISK_SET_READ, Scope.of(s))));
        spec.image().flatMap(ImageReference::id).ifPresent(i -> all.add(doors.roles(Action.IMAGE_READ, Scope.of(i))));
        spec.osDisk().disk().ifPresent(d -> all.add(doors.roles(Action.DISK_WRITE, Scope.of(d))));
        for (DataDiskSpec disk : spec.dataDisks()) {
            disk.set().ifPresent(s -> all.add(doors.roles(Action.DISK_SET_READ, Scope.of(s))));
            disk.disk().ifPresent(d -> all.add(doors.roles(Action.DISK_WRITE, Scope.of(d))));
        }
        spec.interfaces().forEach(n -> all.add(doors.roles(Action.NETWORK_INTERFACE_JOIN, Scope.of(n))));
        return all;
    }
}
