/** Tokens: the endpoints that issue them, the keys that sign them, and the check on every request. */
@NullMarked
package dev.keyturn.server.identity;

import org.jspecify.annotations.NullMarked;
