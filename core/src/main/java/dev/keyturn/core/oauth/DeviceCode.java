package dev.keyturn.core.oauth;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that waits for a person to type {@code userCode} (RFC 8628). {@code id} is the hash of the device code, {@code
 * address} where the client asked from. {@code allowed} is there once somebody has allowed it.
 */
public record DeviceCode(
        String id,
        String userCode,
        Asked asked,
        String address,
        Instant createdAt,
        Instant expiresAt,
        State state,
        Optional<Allowed> allowed) {
    /** Who allowed it, and when that person had signed in to the portal. */
    public record Allowed(PrincipalId person, Instant authenticatedAt) {}

    /** What people said to it. */
    public enum State {
        WAITING,
        ALLOWED,
        REFUSED
    }

    boolean over(Instant now) {
        return !now.isBefore(expiresAt);
    }
}
