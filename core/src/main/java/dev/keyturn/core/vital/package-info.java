/** The threads that a server cannot do without, and its end when one of them dies (docs/faults.md). */
@NullMarked
package dev.keyturn.core.vital;

import org.jspecify.annotations.NullMarked;
