/** Confidential VMs, their disks and artifacts, and the hosts they run on. */
@NullMarked
package dev.keyturn.core.vm;

import org.jspecify.annotations.NullMarked;
