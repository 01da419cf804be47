/** Preflight and rotation: the change of the key of a disk encryption set (R2 to R7). */
@NullMarked
package dev.keyturn.core.rotation;

import org.jspecify.annotations.NullMarked;
