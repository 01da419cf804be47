package dev.keyturn.core.envelope;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import java.util.Optional;

/**
 * A customer-managed key as a disk encryption set uses it, through its own identity: access is checked at every call
 * (docs/rules.md). RSA-OAEP-256 throughout.
 *
 * <p>Refusals name the key: not found, disabled, deleted, outside nbf/exp (wrap only), an operation that the key or
 * the identity is not allowed. Must not be called inside a transaction. Thread-safe.
 */
public interface CustomerKeys {
    /** The facts of a key version and what {@code as} may do with it; empty where there is no such version. */
    Optional<KeyFacts> facts(PrincipalId as, KeyId key);

    /** @throws DomainException as said above */
    byte[] wrap(PrincipalId as, KeyId key, SecretBytes plaintext);

    /** @throws DomainException as said above, or where {@code wrapped} was not made by this key */
    SecretBytes unwrap(PrincipalId as, KeyId key, byte[] wrapped);
}
