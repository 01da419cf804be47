package dev.keyturn.core.vm;

import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.image.ImageReference;
import dev.keyturn.core.model.ArmId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client wants a CVM to be: a PUT body, or what a PATCH made of the present one. Texts are as the client wrote
 * them; {@link VmService} says all that is wrong with them at once. {@code document} is the body as a JSON object,
 * secrets taken out; {@code interfaces} are the network interfaces that it joins.
 */
public record VmSpec(
        ArmId id,
        String location,
        Map<String, String> tags,
        String document,
        Optional<String> size,
        Optional<String> securityType,
        Optional<Boolean> secureBoot,
        Optional<Boolean> vTpm,
        Optional<ImageReference> image,
        OsDiskSpec osDisk,
        List<DataDiskSpec> dataDisks,
        List<ArmId> interfaces) {
    public VmSpec {
        tags = Map.copyOf(tags);
        dataDisks = List.copyOf(dataDisks);
        interfaces = List.copyOf(interfaces);
    }

    Hardware hardware() {
        return new Hardware(size, secureBoot.orElse(false));
    }
}
