package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ResourceBody;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code storageProfile.imageReference} of a VM that exists: what it was made from, for good. The VM's disk has a copy
 * of the image, so the image itself may be another one or gone by now.
 */
final class ImageReferences {
    static final String PATH = "properties.storageProfile.imageReference";
    private static final String EXACT = "exactVersion";

    private ImageReferences() {}

    /**
     * The body with the reference that the VM has, where it says none.
     *
     * @param present the VM as it is rendered
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where it says another one
     */
    static ObjectNode kept(ObjectNode body, ObjectNode present) {
        if (!(body.path("properties").path("storageProfile") instanceof ObjectNode said)) {
            return body; // said to be wrong by who reads it
        }
        JsonNode was = of(present);
        JsonNode asked = said.path("imageReference");
        if (asked.isObject() && !same(was, asked)) {
            throw DomainError.invalid(
                            PATH,
                            "'" + PATH + "' cannot be changed after creation; this VM was made from "
                                    + (was.isObject() ? Json.text(was) : "no image that was named") + ".")
                    .asException();
        }
        if (!was.isObject() || !(asked.isMissingNode() || asked.isNull() || asked.isObject())) {
            return body;
        }
        ObjectNode out = body.deepCopy();
        ResourceBody.object(ResourceBody.properties(out), "storageProfile").set("imageReference", was);
        return out;
    }

    /** Which version the words of a platform image stood for when the VM was made from a file. */
    static void exactVersion(ObjectNode storage, Optional<Disk> osDisk) {
        if (storage.get("imageReference") instanceof ObjectNode reference && reference.has("version")) {
            osDisk.flatMap(Disk::source).ifPresent(file -> {
                String name = file.name().substring(file.name().lastIndexOf('/') + 1);
                reference.put(EXACT, name.substring(0, name.lastIndexOf('.')));
            });
        }
    }

    /** Takes out of a document what {@link #exactVersion} puts there. */
    static void strip(ObjectNode properties) {
        if (properties.path("storageProfile").path("imageReference") instanceof ObjectNode reference) {
            reference.remove(EXACT);
        }
    }

    private static JsonNode of(ObjectNode vm) {
        return vm.path("properties").path("storageProfile").path("imageReference");
    }

    private static boolean same(JsonNode was, JsonNode asked) {
        Optional<ArmId> id = id(asked);
        return id.equals(id(was))
                && List.of("publisher", "offer", "sku", "version").stream()
                        .allMatch(p -> text(was, p).equalsIgnoreCase(text(asked, p)));
    }

    private static Optional<ArmId> id(JsonNode reference) {
        return ArmId.parse(text(reference, "id"));
    }

    private static String text(JsonNode in, String name) {
        return in.path(name).asString("");
    }
}
