/** The one way to the store: short transactions that exclude each other when they write. */
@NullMarked
package dev.keyturn.core.tx;

import org.jspecify.annotations.NullMarked;
