/** Tests of hosts of other nodes. */
@NullMarked
package dev.keyturn.host.remote;

import org.jspecify.annotations.NullMarked;
