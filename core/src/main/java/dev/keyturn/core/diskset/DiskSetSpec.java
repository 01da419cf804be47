package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a client wants a disk encryption set to be: a PUT body, or what a PATCH made of the present one. Texts are as
 * the client wrote them; {@link DiskSetService} says all that is wrong with them at once. {@code document} is the body
 * as a JSON object. {@code deep} asks for a rotation that proves every new envelope on its host (ours).
 * {@code sameDocument} tells whether a stored document says the same as {@code document}, in whatever order.
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
        boolean deep,
        Predicate<String> sameDocument) {
    public DiskSetSpec {
        tags = Map.copyOf(tags);
    }

    /** With documents that are the same where their text is. */
    public DiskSetSpec(
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
        this(
                id,
                location,
                tags,
                document,
                identity,
                encryptionType,
                keyUrl,
                sourceVault,
                rotationToLatestKeyVersion,
                deep,
                document::equals);
    }

    /** Whether it asks for nothing but a key: all the rest is as the set has it (docs/rules.md, "What saves a key"). */
    boolean changesNothingButTheKey(DiskEncryptionSet set) {
        return tags.equals(set.head().tags())
                && sameDocument.test(set.head().document())
                && identity.map(i -> i.sameAs(set.identity())).orElse(true);
    }
}
