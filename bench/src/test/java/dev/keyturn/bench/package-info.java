/** What the figures rest on and a test can hold. */
@NullMarked
package dev.keyturn.bench;

import org.jspecify.annotations.NullMarked;
