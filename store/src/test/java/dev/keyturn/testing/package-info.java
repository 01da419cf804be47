/** What the tests of every module use. */
@NullMarked
package dev.keyturn.testing;

import org.jspecify.annotations.NullMarked;
