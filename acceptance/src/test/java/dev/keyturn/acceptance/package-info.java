/** The server as another process, tried by clients that nobody here wrote and by plain requests. */
@NullMarked
package dev.keyturn.acceptance;

import org.jspecify.annotations.NullMarked;
