/** The server's master key. */
@NullMarked
package dev.keyturn.keys;

import org.jspecify.annotations.NullMarked;
