/** Durable operations: what takes longer than a request, survives a kill, and reports how it ended. */
@NullMarked
package dev.keyturn.core.operation;

import org.jspecify.annotations.NullMarked;
