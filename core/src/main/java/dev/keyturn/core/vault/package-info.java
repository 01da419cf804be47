/** Vaults, managed HSMs and their keys. */
@NullMarked
package dev.keyturn.core.vault;

import org.jspecify.annotations.NullMarked;
