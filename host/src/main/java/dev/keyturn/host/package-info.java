/** Hosts that CVMs run on, behind {@link dev.keyturn.core.host.VmHost}, and the words that all of them refuse with. */
@NullMarked
package dev.keyturn.host;

import org.jspecify.annotations.NullMarked;
