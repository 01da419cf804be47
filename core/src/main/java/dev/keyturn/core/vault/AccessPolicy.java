package dev.keyturn.core.vault;

import dev.keyturn.core.identity.PrincipalId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One entry of a vault's {@code accessPolicies}, which count while RBAC is off. Permissions are kept as the client
 * spelt them and compared without regard to case; {@code all} stands for every one of its kind. Only {@code keys} has an
 * effect here; the other kinds are kept so that they come back.
 */
public record AccessPolicy(
        UUID tenant,
        PrincipalId principal,
        Optional<UUID> application,
        List<String> keys,
        List<String> secrets,
        List<String> certificates,
        List<String> storage) {
    public AccessPolicy {
        keys = List.copyOf(keys);
        secrets = List.copyOf(secrets);
        certificates = List.copyOf(certificates);
        storage = List.copyOf(storage);
    }

    /** Whether it gives the keys permission ({@code wrapKey}). */
    public boolean allows(String permission) {
        return keys.stream().anyMatch(k -> k.equalsIgnoreCase(permission) || k.equalsIgnoreCase("all"));
    }

    /** Whether it is about the same principal, so that {@code replace} and {@code remove} mean this one. */
    public boolean isFor(AccessPolicy other) {
        return principal.equals(other.principal) && application.equals(other.application);
    }
}
