package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.function.Function;

/**
 * Decides by role assignments. Each question is one indexed read of what the principal holds at the scope and above:
 * nothing is remembered between questions, so a change holds at once, on every node.
 */
public final class RoleAccess implements Access {
    private final RoleAssignmentStore assignments;

    public RoleAccess(RoleAssignmentStore assignments) {
        this.assignments = assignments;
    }

    @Override
    public boolean may(Tx tx, PrincipalId who, String action, Scope scope) {
        Role.Kind kind = scope.isHsm() ? Role.Kind.MANAGED_HSM : Role.Kind.AZURE;
        return assignments.held(tx, who, scope.upwards()).stream()
                .flatMap(a -> Roles.find(a.role()).stream())
                .anyMatch(role -> role.kind() == kind && role.grants(action));
    }

    @Override
    public List<ArmId> allowedBelow(Tx tx, PrincipalId who, Scope scope, Function<ArmId, List<Action>> enough) {
        return assignments.heldBelow(tx, who, scope).stream()
                .filter(a ->
                        a.scope().id().filter(at -> grants(a, enough.apply(at))).isPresent())
                .flatMap(a -> a.scope().id().stream())
                .distinct()
                .toList();
    }

    private static boolean grants(RoleAssignment assignment, List<Action> enough) {
        return Roles.find(assignment.role())
                .filter(role -> role.kind() == Role.Kind.AZURE)
                .filter(role -> enough.stream().anyMatch(action -> role.grants(action.azure())))
                .isPresent();
    }

    /** Azure's words for the lack of a role. */
    public static DomainError refused(Caller caller, String action, Scope scope) {
        return new DomainError.Forbidden(ErrorInfo.of(
                "AuthorizationFailed",
                "The client '" + caller.name() + "' with object id '" + caller.principal()
                        + "' does not have authorization to perform action '" + action + "' over scope '" + scope
                        + "' or the scope is invalid. If access was recently granted, please refresh your"
                        + " credentials."));
    }
}
