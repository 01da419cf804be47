/** Azure's wire format: JSON in and out, the error body. Server and command line share it. */
@NullMarked
package dev.keyturn.json;

import org.jspecify.annotations.NullMarked;
