package dev.keyturn.server.arm.compute;

import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.ImageSpec;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Managed images, in and out. */
final class ImageBody {
    private static final String STORAGE = "properties.storageProfile";
    private static final String OS_DISK = STORAGE + ".osDisk";
    private static final int MAX_GB = 1 << 20;

    static final Shape SHAPE = Shape.resource()
            .text("properties.hyperVGeneration", OS_DISK + ".blobUri", OS_DISK + ".osType", OS_DISK + ".osState")
            .integer(OS_DISK + ".diskSizeGB")
            .any("properties.sourceVirtualMachine")
            .any(OS_DISK + ".managedDisk", OS_DISK + ".snapshot", OS_DISK + ".diskEncryptionSet")
            .any(STORAGE + ".dataDisks[].blobUri", STORAGE + ".dataDisks[].diskSizeGB")
            .any(STORAGE + ".dataDisks[].diskEncryptionSet")
            .lasting("location", "properties", STORAGE, OS_DISK)
            .build();

    private ImageBody() {}

    /** A whole image; says every field of a wrong type at once. */
    static ImageSpec read(ArmId id, ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        fields.object("properties");
        fields.object(STORAGE);
        fields.object(OS_DISK);
        ImageSpec spec = new ImageSpec(
                id,
                draft.location(),
                draft.tags(),
                draft.document(),
                fields.text("properties.hyperVGeneration"),
                fields.text(OS_DISK + ".blobUri"),
                fields.text(OS_DISK + ".osType"),
                fields.text(OS_DISK + ".osState"),
                fields.integer(OS_DISK + ".diskSizeGB", 1, MAX_GB).map(Long::intValue),
                otherSources(fields));
        fields.done();
        return spec;
    }

    private static List<String> otherSources(Fields fields) {
        List<String> out = new ArrayList<>();
        for (String source : List.of(
                "properties.sourceVirtualMachine",
                OS_DISK + ".managedDisk",
                OS_DISK + ".snapshot",
                OS_DISK + ".diskEncryptionSet")) {
            if (fields.has(source)) {
                out.add(source);
            }
        }
        if (!fields.objects(STORAGE + ".dataDisks").isEmpty()) {
            out.add(STORAGE + ".dataDisks");
        }
        return out;
    }

    static ObjectNode render(Image image) {
        ObjectNode out = ResourceBody.render(image.head(), SHAPE).put("etag", ETags.of(image.head()));
        ObjectNode properties = ResourceBody.properties(out);
        properties.put("hyperVGeneration", "V2");
        ResourceBody.object(ResourceBody.object(properties, "storageProfile"), "osDisk")
                .put("osType", image.osType().wire())
                .put("diskSizeGB", image.sizeGb());
        return out;
    }
}
