/** Key Vault's data plane: keys of vaults and managed HSMs at their own host names. */
@NullMarked
package dev.keyturn.server.keyvault;

import org.jspecify.annotations.NullMarked;
