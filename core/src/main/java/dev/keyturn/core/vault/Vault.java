package dev.keyturn.core.vault;

import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Resource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A vault or a managed HSM. {@code sku} is as Azure spells it ({@code standard}, {@code premium}, {@code Standard_B1}).
 * A managed HSM knows neither {@code rbac} (it has local roles of its own) nor {@code policies}.
 *
 * <p>While {@code deleted} is present the head is no resource of the subscription any more: it is kept here so that a
 * recovery brings back what there was.
 */
public record Vault(
        VaultId id,
        VaultKind kind,
        Resource resource,
        UUID tenant,
        String sku,
        boolean rbac,
        boolean purgeProtection,
        int softDeleteDays,
        List<AccessPolicy> policies,
        Optional<Deletion> deleted) {
    public Vault {
        policies = List.copyOf(policies);
        if (softDeleteDays < 7 || softDeleteDays > 90) {
            throw new IllegalArgumentException("soft delete retention of " + softDeleteDays + " days");
        }
    }

    public String name() {
        return resource.id().name();
    }

    public boolean premium() {
        return kind == VaultKind.MANAGED_HSM || sku.equalsIgnoreCase("premium");
    }

    public Vault with(Resource head) {
        return new Vault(id, kind, head, tenant, sku, rbac, purgeProtection, softDeleteDays, policies, deleted);
    }

    public Vault with(List<AccessPolicy> newPolicies) {
        return new Vault(id, kind, resource, tenant, sku, rbac, purgeProtection, softDeleteDays, newPolicies, deleted);
    }

    /** What would leave it as it is, but for its policies. */
    VaultSpec withPolicies(List<AccessPolicy> newPolicies) {
        return new VaultSpec(
                new Draft(resource.location(), resource.tags(), resource.document()),
                tenant,
                sku,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                newPolicies,
                List.of(),
                false);
    }

    public Vault with(Optional<Deletion> deletion) {
        return new Vault(id, kind, resource, tenant, sku, rbac, purgeProtection, softDeleteDays, policies, deletion);
    }
}
