package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants a disk encryption set to be: a PUT body, or what a PATCH made of the present one. Texts are as
 * the client wrote them; {@link DiskSetService} says all that is wrong with them at once. {@code document} is the body
 * as a JSON object. {@code deep} asks for a rotation that proves every new envelope on its host (ours).
 */
public record DiskSetSpec(
        ArmId id,
        String location,
        Map<String, String> tags,
        String document,
        Optional<IdentitySpec> identity,
        Optional<String> encryptionType,
        Optional<String> keyUrl,
        Optional<String> sourceVault,
        boolean rotationToLatestKeyVersion,
        boolean deep) {
    public DiskSetSpec {
        tags = Map.copyOf(tags);
    }
}
