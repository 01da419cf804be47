/** Tests of the fault API. */
@NullMarked
package dev.keyturn.server.simulated;

import org.jspecify.annotations.NullMarked;
