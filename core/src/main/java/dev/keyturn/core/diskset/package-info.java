/** Disk encryption sets. */
@NullMarked
package dev.keyturn.core.diskset;

import org.jspecify.annotations.NullMarked;
