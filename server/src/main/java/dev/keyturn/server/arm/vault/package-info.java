/** Vaults and managed HSMs as ARM resources. */
@NullMarked
package dev.keyturn.server.arm.vault;

import org.jspecify.annotations.NullMarked;
