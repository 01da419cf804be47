package dev.keyturn.core.vault;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.resource.Draft;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client wants a vault or managed HSM to be. {@code purgeProtection} and {@code softDeleteDays} absent: as it
 * is, or off and 90. {@code rbac} absent: as it is; a spec that makes a vault has it. {@code administrators} counts at a managed HSM's creation alone. {@code recover} asks for a
 * soft-deleted vault of the name to be brought back.
 */
public record VaultSpec(
        Draft head,
        UUID tenant,
        String sku,
        Optional<Boolean> rbac,
        Optional<Boolean> purgeProtection,
        Optional<Integer> softDeleteDays,
        List<AccessPolicy> policies,
        List<PrincipalId> administrators,
        boolean recover) {
    public VaultSpec {
        policies = List.copyOf(policies);
        administrators = List.copyOf(administrators);
    }
}
