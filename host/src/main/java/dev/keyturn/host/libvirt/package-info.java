/**
 * A host of real machines: QEMU through libvirt, disks and UEFI variables in LUKS containers, a vTPM whose state is
 * encrypted. What holds here and why is in docs/libvirt-host.md.
 */
@NullMarked
package dev.keyturn.host.libvirt;

import org.jspecify.annotations.NullMarked;
