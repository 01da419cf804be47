package dev.keyturn.core.identity;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of role assignments. Scopes compare by their (lower-case) path. */
@CheckReturnValue
public interface RoleAssignmentStore {
    /** Missed, and nothing changed, where the name is taken at that scope or the grant exists under another name. */
    Hit insert(Tx tx, RoleAssignment assignment);

    Optional<RoleAssignment> find(Tx tx, Scope scope, UUID name);

    /** The assignment of that role to that principal at exactly that scope. */
    Optional<RoleAssignment> find(Tx tx, Scope scope, UUID role, PrincipalId principal);

    Hit delete(Tx tx, Scope scope, UUID name);

    /**
     * What the principal holds at exactly these scopes, by itself or by a group of people that it is in: asked at every
     * request, so one indexed read.
     */
    List<RoleAssignment> held(Tx tx, PrincipalId principal, List<Scope> scopes);

    /** What the principal holds strictly below the scope, by itself or by a group of people that it is in. */
    List<RoleAssignment> heldBelow(Tx tx, PrincipalId principal, Scope scope);

    /** All at exactly these scopes, by scope and name. */
    List<RoleAssignment> at(Tx tx, List<Scope> scopes);

    /** All strictly below the scope, by scope and name. */
    List<RoleAssignment> below(Tx tx, Scope scope);

    /** Deletes all of a principal that is gone. */
    void deleteOf(Tx tx, PrincipalId principal);

    /** Deletes all at the scope and below it, when a resource or group is gone. */
    void deleteWithin(Tx tx, Scope scope);
}
