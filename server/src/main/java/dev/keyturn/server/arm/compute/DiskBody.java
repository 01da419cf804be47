package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskSpec;
import dev.keyturn.core.disk.DiskView;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceIds;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Disks, in and out. */
final class DiskBody {
    private static final String SECURITY = "properties.securityProfile";
    private static final int MAX_GB = 1 << 20;

    static final Shape SHAPE = Shape.resource()
            .text("sku.name", "properties.osType", "properties.creationData.createOption")
            .text("properties.creationData.imageReference.id")
            .integer("properties.diskSizeGB")
            .text(SECURITY + ".securityType", SECURITY + ".secureVMDiskEncryptionSetId")
            .text("properties.encryption.diskEncryptionSetId")
            .any("sku.tier", "managedBy", "managedByExtended", "properties.encryption.type", "properties.diskState")
            .any("properties.uniqueId", "properties.timeCreated", "properties.diskSizeBytes", "properties.shareInfo")
            .lasting("location", "properties", SECURITY)
            .build();

    private DiskBody() {}

    /** A whole disk; says every field of a wrong type at once. */
    static DiskSpec read(ArmId id, ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        fields.object("properties");
        fields.object("properties.creationData");
        fields.object("properties.creationData.imageReference");
        fields.object(SECURITY);
        fields.object("properties.encryption");
        fields.object("sku");
        fields.text("sku.name");
        DiskSpec spec = new DiskSpec(
                id,
                draft.location(),
                draft.tags(),
                stored(draft),
                fields.text("properties.creationData.createOption"),
                ResourceIds.read(fields, "properties.creationData.imageReference.id"),
                fields.text("properties.osType"),
                fields.integer("properties.diskSizeGB", 1, MAX_GB).map(Long::intValue),
                fields.text(SECURITY + ".securityType"),
                ResourceIds.read(fields, SECURITY + ".secureVMDiskEncryptionSetId"),
                ResourceIds.read(fields, "properties.encryption.diskEncryptionSetId"));
        fields.done();
        return spec;
    }

    private static String stored(Draft draft) {
        ObjectNode document = Json.parseObject(draft.document());
        document.remove(List.of("managedBy", "managedByExtended"));
        if (document.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of(
                    "diskState", "uniqueId", "timeCreated", "diskSizeBytes", "diskSizeGB", "encryption", "shareInfo"));
        }
        return Json.text(document);
    }

    static ObjectNode render(DiskView view) {
        Disk disk = view.disk();
        ObjectNode out = ResourceBody.render(disk.head(), SHAPE).put("etag", ETags.of(disk.head()));
        disk.vm().ifPresent(vm -> out.put("managedBy", vm.toString()));
        ObjectNode properties = ResourceBody.properties(out);
        ObjectNode creation = ResourceBody.object(properties, "creationData");
        if (!creation.has("createOption")) {
            creation.put("createOption", disk.os() ? "FromImage" : "Empty");
        }
        if (disk.os()) {
            properties.put("hyperVGeneration", "V2");
            if (!properties.has("osType")) {
                properties.put("osType", "Linux");
            }
        }
        properties
                .put("diskSizeGB", disk.sizeGb())
                .put("diskSizeBytes", (long) disk.sizeGb() << 30)
                .put("uniqueId", disk.uniqueId().toString())
                .put("diskState", view.state().wire())
                .put("timeCreated", disk.head().createdAt().toString());
        properties.putObject("encryption").put("type", "EncryptionAtRestWithPlatformKey");
        ObjectNode security = properties.putObject("securityProfile");
        security.put(
                "securityType",
                disk.set().isPresent()
                        ? "ConfidentialVM_DiskEncryptedWithCustomerKey"
                        : "ConfidentialVM_DiskEncryptedWithPlatformKey");
        disk.set().ifPresent(s -> security.put("secureVMDiskEncryptionSetId", s.toString()));
        return out;
    }
}
