package dev.keyturn.core.directory;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.RoleAssignments.Granted;
import dev.keyturn.core.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Azure's roles at ARM scopes, granted and revoked by whoever may do that there. Every method refuses as {@code
 * Forbidden} first. Local roles of managed HSMs are not given here. Thread-safe.
 */
public final class RoleGrants {
    private final RoleAssignments assignments;
    private final Doors doors;

    public RoleGrants(RoleAssignments assignments, Doors doors) {
        this.assignments = assignments;
        this.doors = doors;
    }

    /** Refuses a caller that may not grant at the scope: before a body is read, or a scope looked for. */
    public void requireGrant(Call call, Scope scope) {
        doors.require(call, Action.ROLE_ASSIGNMENT_WRITE, scope);
    }

    /**
     * Grants; asking again for the same under the same name changes nothing.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link RoleAssignments#grant}
     */
    public Granted grant(Call call, Grant grant) {
        return doors.act(
                call,
                Action.ROLE_ASSIGNMENT_WRITE,
                grant.scope(),
                permit -> permit.on(target(grant.scope(), grant.name())).write(tx -> {
                    Granted granted = assignments.grant(tx, call.caller().name(), grant);
                    if (!granted.created()) {
                        permit.nothing();
                    }
                    return granted;
                }));
    }

    /** Refuses a caller that may not revoke at the scope. */
    public void requireRevoke(Call call, Scope scope) {
        doors.require(call, Action.ROLE_ASSIGNMENT_DELETE, scope);
    }

    /** Revokes; empty where there was no such assignment. */
    public Optional<RoleAssignment> revoke(Call call, Scope scope, UUID name) {
        return doors.act(
                call,
                Action.ROLE_ASSIGNMENT_DELETE,
                scope,
                permit -> permit.on(target(scope, name)).write(tx -> {
                    Optional<RoleAssignment> revoked = assignments.revoke(tx, scope, name);
                    if (revoked.isEmpty()) {
                        permit.nothing();
                    }
                    return revoked;
                }));
    }

    public Optional<RoleAssignment> find(Call call, Scope scope, UUID name) {
        requireRead(call, scope);
        return assignments.find(scope, name);
    }

    /** Refuses a caller that may not see the assignments at the scope. */
    public void requireRead(Call call, Scope scope) {
        doors.require(call, Action.ROLE_ASSIGNMENT_READ, scope);
    }

    /**
     * Those that hold at the scope: made at it or above it.
     *
     * @param below those that were made strictly below it as well
     */
    public List<RoleAssignment> list(Call call, Scope scope, boolean below) {
        requireRead(call, scope);
        List<RoleAssignment> found = new ArrayList<>(assignments.holding(scope));
        if (below) {
            found.addAll(assignments.below(scope));
        }
        return found;
    }

    private static String target(Scope scope, UUID name) {
        return scope.path() + "/providers/Microsoft.Authorization/roleAssignments/" + name;
    }
}
