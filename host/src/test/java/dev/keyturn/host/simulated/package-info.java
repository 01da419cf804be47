/** Tests of the simulated host. */
@NullMarked
package dev.keyturn.host.simulated;

import org.jspecify.annotations.NullMarked;
