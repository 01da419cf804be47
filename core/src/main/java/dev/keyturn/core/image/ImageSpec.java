package dev.keyturn.core.image;

import dev.keyturn.core.model.ArmId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants an image to be; texts as it wrote them. {@code blobUri}, {@code osType}, {@code osState} and
 * {@code sizeGb} are those of {@code storageProfile.osDisk}; {@code otherSources} the paths of the fields by which
 * Azure makes images from something else than a blob, as far as they are there.
 */
public record ImageSpec(
        ArmId id,
        String location,
        Map<String, String> tags,
        String document,
        Optional<String> generation,
        Optional<String> blobUri,
        Optional<String> osType,
        Optional<String> osState,
        Optional<Integer> sizeGb,
        List<String> otherSources) {
    public ImageSpec {
        tags = Map.copyOf(tags);
        otherSources = List.copyOf(otherSources);
    }
}
