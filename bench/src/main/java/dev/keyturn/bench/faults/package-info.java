/**
 * Server processes under faults, looked at from outside: rounds in which clients write while something is killed, stopped
 * or cut off, and what has to hold afterwards.
 */
@NullMarked
package dev.keyturn.bench.faults;

import org.jspecify.annotations.NullMarked;
