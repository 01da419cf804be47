/** What a key is made of and what it can do, and the port to the backends that hold private parts. */
@NullMarked
package dev.keyturn.core.keycrypto;

import org.jspecify.annotations.NullMarked;
