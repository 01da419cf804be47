/** What the server bounds, so that no caller can make it run out of anything. */
@NullMarked
package dev.keyturn.server.limits;

import org.jspecify.annotations.NullMarked;
