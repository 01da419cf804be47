/** The port to hypervisors, and what is said across it. */
@NullMarked
package dev.keyturn.core.host;

import org.jspecify.annotations.NullMarked;
