package dev.keyturn.core.envelope;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import java.time.Instant;
import java.util.Optional;

/**
 * A set key at rest: 256 bits between a root key and the data keys, stored only wrapped. There is at most one per disk
 * encryption set and CMK version.
 */
public sealed interface SetKey {
    SetKeyId id();

    byte[] wrapped();

    Instant createdAt();

    /** The customer's key version that it is wrapped by; empty for the platform's own. */
    default Optional<KeyId> customerKey() {
        return this instanceof Customer customer ? Optional.of(customer.key()) : Optional.empty();
    }

    /** Of a disk encryption set: wrapped by a customer-managed key with RSA-OAEP-256. */
    record Customer(SetKeyId id, ArmId set, KeyId key, byte[] wrapped, Instant createdAt) implements SetKey {}

    /** Of the CVMs without a set (R1): wrapped by the server's own platform key. There is one. */
    record Platform(SetKeyId id, byte[] wrapped, Instant createdAt) implements SetKey {}
}
