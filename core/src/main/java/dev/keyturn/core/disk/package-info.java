/** Managed disks: made, attached, detached, deleted, with their images on hosts. */
@NullMarked
package dev.keyturn.core.disk;

import org.jspecify.annotations.NullMarked;
