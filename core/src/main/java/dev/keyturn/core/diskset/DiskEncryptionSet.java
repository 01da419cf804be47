package dev.keyturn.core.diskset;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * A disk encryption set. References
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

    /** {@link EncryptionType#CONFIDENTIAL_VM}, the one type served: nothing of it is stored yet. */
    public EncryptionType type() {
        return EncryptionType.CONFIDENTIAL_VM;
    }

    public ArmId id() {
        return head.id();
    }

    /** Who the set is when it uses its key. */
    public PrincipalId principal() {
        return identity.principal();
    }

    public DiskEncryptionSet with(Resource newHead) {
        return with(newHead, identity);
    }

    public DiskEncryptionSet with(Resource newHead, SetIdentity newIdentity) {
        return new DiskEncryptionSet(
                newHead, activeKey, sourceVault, newIdentity, rotation, lastRotatedAt, lastRotationError, keyLostAt);
    }

    /** A rotation is at work from now on: the key stays until it has succeeded, the last error is forgotten. */
    public DiskEncryptionSet rotating(OperationId by) {
        return new DiskEncryptionSet(
                head, activeKey, sourceVault, identity, Optional.of(by), lastRotatedAt, Optional.empty(), keyLostAt);
    }

    /** The rotation succeeded: everything is under {@code key}, which has just been used and so is not lost. */
    public DiskEncryptionSet rotated(KeyId key, Optional<ArmId> vault, Instant now) {
        return new DiskEncryptionSet(
                head.in(ProvisioningState.SUCCEEDED, now),
                key,
                vault,
                identity,
                Optional.empty(),
                Optional.of(now),
                Optional.empty(),
                Optional.empty());
    }

    /** R5: the rotation failed: the set keeps its old key and says why. */
    public DiskEncryptionSet rotationFailed(ErrorInfo error, Instant now) {
        return new DiskEncryptionSet(
                head.in(ProvisioningState.FAILED, now),
                activeKey,
                sourceVault,
                identity,
                Optional.empty(),
                lastRotatedAt,
                Optional.of(error),
                keyLostAt);
    }

    /** With the key lost since then, or back. */
    public DiskEncryptionSet keyLost(Optional<Instant> since) {
        return new DiskEncryptionSet(
                head, activeKey, sourceVault, identity, rotation, lastRotatedAt, lastRotationError, since);
    }
}
