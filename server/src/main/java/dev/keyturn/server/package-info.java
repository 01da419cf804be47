/** The HTTPS server: everything that knows HTTP, and the wiring of all parts. */
@NullMarked
package dev.keyturn.server;

import org.jspecify.annotations.NullMarked;
