/** The one place that decides whether something may be done, and records that it was done. */
@NullMarked
package dev.keyturn.core.door;

import org.jspecify.annotations.NullMarked;
