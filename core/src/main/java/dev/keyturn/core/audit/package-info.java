/** Who did what with what, in a chain in which nothing can be removed, altered or reordered unnoticed. */
@NullMarked
package dev.keyturn.core.audit;

import org.jspecify.annotations.NullMarked;
