package dev.keyturn.core.directory;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Who adds a secret or a certificate to a principal can act as it. Whoever may write the directory could assign itself
 * any of Azure's roles as well, but none inside a managed HSM: so a principal with local roles there gets credentials
 * from itself, or from who may assign roles in that HSM (docs/permissions.md). The same holds for who puts somebody into a
 * group of people with local roles there: {@code subject} is then the group.
 */
record ActingAs(RoleAssignmentStore assignments, Access access, PrincipalId subject) implements Ask {
    private static final Scope HSMS = new Scope("/hsm");

    @Override
    public Action action() {
        return Action.HSM_ROLE_ASSIGNMENT_WRITE;
    }

    @Override
    public Scope at() {
        return HSMS;
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        if (call.decided() || call.caller().principal().equals(subject)) {
            return Optional.empty();
        }
        List<String> closed = assignments.heldBelow(tx, subject, HSMS).stream()
                .flatMap(a -> a.scope().hsmName().stream())
                .distinct()
                .filter(hsm -> !access.may(tx, call.caller().principal(), action().azure(), Scope.hsm(hsm)))
                .toList();
        return closed.isEmpty() ? Optional.empty() : Optional.of(refused(closed));
    }

    private DomainError refused(List<String> closed) {
        String names = "'" + String.join("', '", closed) + "'";
        return new DomainError.Forbidden(ErrorInfo.of(
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation: the principal " + subject
                        + " holds local roles in managed HSM " + names
                        + ", where Azure's roles give nothing. So who lets somebody act as it, by a secret, a certificate, a"
                        + " link or a place in the group, must be allowed to assign roles there (Managed HSM"
                        + " Administrator)."));
    }
}
