/** That rounds of faults find what is wrong. */
@NullMarked
package dev.keyturn.bench.faults;

import org.jspecify.annotations.NullMarked;
