/** The API by which faults are injected into the simulated host: Keyturn's own, there only with that host. */
@NullMarked
package dev.keyturn.server.simulated;

import org.jspecify.annotations.NullMarked;
