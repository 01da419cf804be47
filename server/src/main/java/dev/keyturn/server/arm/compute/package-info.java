/** {@code Microsoft.Compute}: confidential VMs, disks, disk encryption sets, and polling of operations. */
@NullMarked
package dev.keyturn.server.arm.compute;

import org.jspecify.annotations.NullMarked;
