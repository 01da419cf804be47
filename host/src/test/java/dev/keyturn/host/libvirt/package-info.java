/** Tests of the libvirt host; those that need a real libvirt are skipped, saying so, where there is none. */
@NullMarked
package dev.keyturn.host.libvirt;

import org.jspecify.annotations.NullMarked;
