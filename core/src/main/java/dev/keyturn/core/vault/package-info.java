/** Vaults and managed HSMs: made, changed, deleted softly, purged; who may do what with the keys inside. */
@NullMarked
package dev.keyturn.core.vault;

import org.jspecify.annotations.NullMarked;
