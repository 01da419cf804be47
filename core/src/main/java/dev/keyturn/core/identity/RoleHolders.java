package dev.keyturn.core.identity;

import dev.keyturn.core.tx.Tx;

/** Who there is that can hold a role: programs, identities of resources, people. */
@FunctionalInterface
public interface RoleHolders {
    boolean known(Tx tx, PrincipalId id);
}
