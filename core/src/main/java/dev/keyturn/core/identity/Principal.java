package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody that can hold a token: a service principal (a program of a user's), or the identity of a resource. {@code
 * appId} is the client id it signs in with; {@code resource} is present exactly on a managed identity.
 */
public record Principal(PrincipalId id, UUID appId, String displayName, Optional<ArmId> resource, Instant createdAt) {
    public Principal {
        if (displayName.isBlank()) {
            throw new IllegalArgumentException("a principal needs a display name");
        }
    }

    public boolean isManagedIdentity() {
        return resource.isPresent();
    }
}
