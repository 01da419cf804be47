package dev.keyturn.core.envelope;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What can be known of a key version without using it: enough to say whether it may be the customer-managed key of a
 * confidential disk encryption set. {@code keyType} and operations are in Azure's spelling ({@code RSA-HSM},
 * {@code wrapKey}); {@code bits} is 0 for keys that have no size. {@code permitted} are those of get, wrapKey and
 * unwrapKey that the identity asked about may do; {@code guard} is what decided that.
 */
public record KeyFacts(
        String keyType,
        int bits,
        boolean enabled,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        Set<String> operations,
        boolean exportable,
        boolean hasReleasePolicy,
        KeyGuard guard,
        boolean premiumVault,
        boolean purgeProtection,
        String location,
        Set<String> permitted) {
    public KeyFacts {
        operations = Set.copyOf(operations);
        permitted = Set.copyOf(permitted);
    }

    public boolean inManagedHsm() {
        return guard.kind() == KeyGuard.Kind.LOCAL_ROLES;
    }
}
