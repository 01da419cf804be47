package dev.keyturn.core.directory;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.outside.HsmAdministrators;
import dev.keyturn.core.tx.Tx;
import java.util.List;

/**
 * A managed HSM whose only administrator goes can be managed by nobody: Azure's roles give nothing in it (docs/permissions.md).
 */
final class LastAdministrator {
    private LastAdministrator() {}

    /**
     * Refuses where {@code who} alone is administrator of a managed HSM, of those who can come in.
     *
     * @param what would be done, as in "deleted"
     * @throws dev.keyturn.core.model.DomainException {@code Conflict}, which names the managed HSMs
     */
    static void requireOther(Tx tx, HsmAdministrators administrators, PrincipalId who, String what) {
        List<String> orphaned = administrators.orphanedWithout(tx, who);
        if (!orphaned.isEmpty()) {
            String others = administrators.outside().signsIn()
                    ? " (people who do not sign in at the provider are not counted)"
                    : "";
            throw DomainError.notAllowed("Not " + what + ": nobody else is administrator of managed HSM '"
                            + String.join("', '", orphaned) + "'" + others
                            + ", and nobody could help from outside. Make somebody else Managed HSM Administrator there"
                            + " first.")
                    .asException();
        }
    }
}
