/** The proof that every artifact of a disk encryption set opens. */
@NullMarked
package dev.keyturn.core.verification;

import org.jspecify.annotations.NullMarked;
