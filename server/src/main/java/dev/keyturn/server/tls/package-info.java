/** The server's own certificate authority and its certificate. */
@NullMarked
package dev.keyturn.server.tls;

import org.jspecify.annotations.NullMarked;
