/** Operator images and platform images that OS disks are filled from. */
@NullMarked
package dev.keyturn.core.image;

import org.jspecify.annotations.NullMarked;
