/** The {@code keyturn} command: starts a server, and talks to one through its public API. */
@NullMarked
package dev.keyturn.cli;

import org.jspecify.annotations.NullMarked;
