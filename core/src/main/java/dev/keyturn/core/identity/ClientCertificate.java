package dev.keyturn.core.identity;

import java.time.Instant;
import java.util.UUID;

/**
 * One certificate that a service principal may sign in with (RFC 7523): the DER form of an X.509 certificate, which is
 * public. It stands for its key alone; who issued it does not matter.
 */
public record ClientCertificate(UUID keyId, PrincipalId principal, byte[] der, String displayName, Instant createdAt) {}
