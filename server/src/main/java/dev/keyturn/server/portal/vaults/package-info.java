/** Key vaults, managed HSMs and their keys: who may use them, what needs them, and how they end. */
@NullMarked
package dev.keyturn.server.portal.vaults;

import org.jspecify.annotations.NullMarked;
