/** How much time has passed, as far as that can be known: for what cannot be taken back. */
@NullMarked
package dev.keyturn.core.time;

import org.jspecify.annotations.NullMarked;
