package dev.keyturn.core.rotation;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the update of a set asks for. {@code change} is what else the update changes (tags, document, identity, with the
 * revision one higher), applied when the rotation begins; never the key. {@code deep} asks for each artifact to be
 * proven against its image first. {@code ifMatch} is the revision that the set must still have.
 */
public record RotationRequest(
        ArmId set,
        KeyId to,
        Optional<ArmId> toVault,
        boolean deep,
        Optional<Long> ifMatch,
        UnaryOperator<DiskEncryptionSet> change,
        String requestedBy) {

    /** A change of the key and of nothing else. */
    public static RotationRequest of(ArmId set, KeyId to, String requestedBy) {
        return new RotationRequest(set, to, Optional.empty(), false, Optional.empty(), s -> s, requestedBy);
    }
}
