package dev.keyturn.core.directory;

import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A managed HSM whose only administrator goes can be managed by nobody: Azure's roles give nothing in it (docs/permissions.md).
 */
final class LastAdministrator {
    private static final Scope HSMS = new Scope("/hsm");

    private LastAdministrator() {}

    /**
     * Refuses where {@code who} alone is administrator of a managed HSM.
     *
     * @param what would be done, as in "deleted"
     * @throws dev.keyturn.core.model.DomainException {@code Conflict}, which names the managed HSMs
     */
    static void requireOther(Tx tx, RoleAssignmentStore assignments, PrincipalId who, String what) {
        Map<Scope, List<RoleAssignment>> administrators = assignments.below(tx, HSMS).stream()
                .filter(a -> a.role().equals(HsmRoles.ADMINISTRATOR.id()))
                .collect(Collectors.groupingBy(RoleAssignment::scope));
        List<String> orphaned = administrators.values().stream()
                .filter(all -> all.stream().allMatch(a -> a.principal().equals(who)))
                .flatMap(all -> all.getFirst().scope().hsmName().stream())
                .sorted()
                .toList();
        if (!orphaned.isEmpty()) {
            throw DomainError.notAllowed("Not " + what + ": nobody else is administrator of managed HSM '"
                            + String.join("', '", orphaned)
                            + "', and nobody could help from outside. Make somebody else Managed HSM Administrator there"
                            + " first.")
                    .asException();
        }
    }
}
