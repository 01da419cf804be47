/** Who there is, what they sign in with, and which roles they hold: changed for callers that may, and recorded. */
@NullMarked
package dev.keyturn.core.directory;

import org.jspecify.annotations.NullMarked;
