package dev.keyturn.core.resource;

import dev.keyturn.core.identity.Principal;

/** A {@code Microsoft.ManagedIdentity/userAssignedIdentities} resource and the principal that it is. */
public record UserAssignedIdentity(Resource resource, Principal principal) {
    /** An identity as it was written, and whether the request made it. */
    public record Saved(UserAssignedIdentity identity, boolean created) {}
}
