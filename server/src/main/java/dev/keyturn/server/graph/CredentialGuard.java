package dev.keyturn.server.graph;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;

/**
 * Who adds a secret or a certificate to a principal can act as it. Whoever may write the directory could assign itself
 * any of Azure's roles as well, but none inside a managed HSM: so a principal with local roles there gets credentials
 * from itself, or from who may assign roles in that HSM (docs/permissions.md).
 */
final class CredentialGuard {
    private static final Scope HSMS = new Scope("/hsm");
    private static final String ASSIGN = "Microsoft.KeyVault/managedHsm/roleAssignments/write/action";

    private final RoleAssignments assignments;
    private final Access access;

    CredentialGuard(RoleAssignments assignments, Access access) {
        this.assignments = assignments;
        this.access = access;
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Forbidden}, naming the managed HSMs */
    void requireMayActAs(Caller caller, PrincipalId target) {
        if (caller.principal().equals(target)) {
            return;
        }
        List<String> closed = assignments.below(HSMS).stream()
                .filter(a -> a.principal().equals(target))
                .flatMap(a -> a.scope().hsmName().stream())
                .distinct()
                .filter(hsm -> !access.may(caller.principal(), ASSIGN, Scope.hsm(hsm)))
                .toList();
        if (!closed.isEmpty()) {
            String names = "'" + String.join("', '", closed) + "'";
            throw new DomainError.Forbidden(ErrorInfo.of(
                            "Authorization_RequestDenied",
                            "Insufficient privileges to complete the operation: the principal " + target
                                    + " holds local roles in managed HSM " + names
                                    + ", where Azure's roles give nothing, so who gives it a secret or a certificate"
                                    + " must be allowed to assign roles there (Managed HSM Administrator), or be that"
                                    + " principal."))
                    .asException();
        }
    }
}
