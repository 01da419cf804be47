package dev.keyturn.core.identity;

import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** Who there is that can hold a role: programs, identities of resources, people, groups of people. */
@FunctionalInterface
public interface RoleHolders {
    /** What kind of somebody has this object id; empty where nobody has. */
    Optional<HolderKind> kind(Tx tx, PrincipalId id);
}
