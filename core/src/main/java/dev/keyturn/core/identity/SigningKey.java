package dev.keyturn.core.identity;

import java.time.Instant;

/**
 * A key that tokens are signed with, at rest: the private key sealed by the master key. {@code kid} names it in a
 * token's header; the newest one signs, the others still verify what they signed until it has expired.
 */
public record SigningKey(String kid, byte[] sealed, Instant createdAt) {}
