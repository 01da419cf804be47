package dev.keyturn.core.identity;

import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of role assignments. Scopes compare by their (lower-case) path. */
public interface RoleAssignmentStore {
    /** False, and nothing changed, where the name is taken at that scope or the grant exists under another name. */
    boolean insert(Tx tx, RoleAssignment assignment);

    Optional<RoleAssignment> find(Tx tx, Scope scope, UUID name);

    /** The assignment of that role to that principal at exactly that scope. */
    Optional<RoleAssignment> find(Tx tx, Scope scope, UUID role, PrincipalId principal);

    boolean delete(Tx tx, Scope scope, UUID name);

    /** What the principal holds at exactly these scopes: asked at every request, so one indexed read. */
    List<RoleAssignment> held(Tx tx, PrincipalId principal, List<Scope> scopes);

    /** All at exactly these scopes, by scope and name. */
    List<RoleAssignment> at(Tx tx, List<Scope> scopes);

    /** All strictly below the scope, by scope and name. */
    List<RoleAssignment> below(Tx tx, Scope scope);

    /** Deletes all of a principal that is gone; returns how many. */
    int deleteOf(Tx tx, PrincipalId principal);

    /** Deletes all at the scope and below it, when a resource or group is gone; returns how many. */
    int deleteWithin(Tx tx, Scope scope);
}
