/** Keys and their versions: kept in vaults and managed HSMs, and used. */
@NullMarked
package dev.keyturn.core.key;

import org.jspecify.annotations.NullMarked;
