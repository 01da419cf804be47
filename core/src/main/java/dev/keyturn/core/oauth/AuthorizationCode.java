package dev.keyturn.core.oauth;

import dev.keyturn.core.identity.PrincipalId;
import java.time.Instant;
import java.util.Optional;

/**
 * What a browser brings back to the client that opened it, good once (RFC 6749, 4.1). {@code id} is the hash of it.
 *
 * @param challenge the SHA-256 of what the client has to show, as base64url (RFC 7636, S256)
 * @param authenticatedAt when the person signed in to the portal
 * @param signIn what it was given for, once it was
 */
public record AuthorizationCode(
        String id,
        PrincipalId person,
        Asked asked,
        String redirect,
        String challenge,
        Optional<String> nonce,
        Instant authenticatedAt,
        Instant expiresAt,
        Optional<String> signIn) {}
