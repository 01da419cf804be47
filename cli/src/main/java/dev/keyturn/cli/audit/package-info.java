/** The audit record as a file: made from a running server, checked without one. */
@NullMarked
package dev.keyturn.cli.audit;

import org.jspecify.annotations.NullMarked;
