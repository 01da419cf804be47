package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.resource.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * A disk encryption set of the type {@code ConfidentialVmEncryptedWithCustomerKey}, the one type served. References
 * one CMK version, always fully versioned, through its managed identity. {@code rotation} is present exactly while a
 * rotation is at work; {@code keyLostAt} since when the key cannot be used (the kill switch), as far as noticed.
 */
public record DiskEncryptionSet(
        Resource head,
        KeyId activeKey,
        Optional<ArmId> sourceVault,
        SetIdentity identity,
        Optional<OperationId> rotation,
        Optional<Instant> lastRotatedAt,
        Optional<ErrorInfo> lastRotationError,
        Optional<Instant> keyLostAt) {
    public static final String TYPE = "Microsoft.Compute/diskEncryptionSets";

    public ArmId id() {
        return head.id();
    }

    /** Who the set is when it uses its key. */
    public PrincipalId principal() {
        return identity.principal();
    }

    public DiskEncryptionSet with(Resource newHead) {
        return new DiskEncryptionSet(
                newHead, activeKey, sourceVault, identity, rotation, lastRotatedAt, lastRotationError, keyLostAt);
    }
}
