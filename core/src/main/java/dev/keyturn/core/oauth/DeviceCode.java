package dev.keyturn.core.oauth;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that waits for a person to type {@code userCode} (RFC 8628). {@code id} is the hash of the device code, {@code
 * address} where the client asked from. {@code person} is there once somebody has allowed it.
 */
public record DeviceCode(
        String id,
        String userCode,
        Asked asked,
        String address,
        Instant createdAt,
        Instant expiresAt,
        State state,
        Optional<PrincipalId> person) {
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
