/** The data directory: one server at a time, its version, its first start. */
@NullMarked
package dev.keyturn.server.data;

import org.jspecify.annotations.NullMarked;
