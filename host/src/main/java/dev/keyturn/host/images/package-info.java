/** The operator's image files: which of them are fit to fill the OS disk of a confidential VM. */
@NullMarked
package dev.keyturn.host.images;

import org.jspecify.annotations.NullMarked;
