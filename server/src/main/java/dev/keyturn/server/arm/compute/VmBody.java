package dev.keyturn.server.arm.compute;

import dev.keyturn.core.image.ImageReference;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.vm.DataDiskSpec;
import dev.keyturn.core.vm.OsDiskSpec;
import dev.keyturn.core.vm.VmSpec;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.arm.ResourceBody;
import dev.keyturn.server.arm.ResourceIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The body of a virtual machine, as a client sends it. */
final class VmBody {
    private static final int MAX_GB = 1 << 20;
    private static final String STORAGE = "properties.storageProfile";
    private static final String OS_DISK = STORAGE + ".osDisk";
    private static final String DATA_DISK = STORAGE + ".dataDisks[]";
    private static final String OS = "properties.osProfile";
    private static final String DIAGNOSTICS = "properties.diagnosticsProfile.bootDiagnostics";

    static final Shape SHAPE = disks(Shape.resource())
            .text("identity.type", "properties.hardwareProfile.vmSize", "properties.userData")
            .text("properties.securityProfile.securityType")
            .bool("properties.securityProfile.uefiSettings.secureBootEnabled")
            .bool("properties.securityProfile.uefiSettings.vTpmEnabled")
            .text(OS + ".computerName", OS + ".adminUsername", OS + ".adminPassword", OS + ".customData")
            .text("properties.networkProfile.networkInterfaces[].id")
            .bool(DIAGNOSTICS + ".enabled")
            .text(DIAGNOSTICS + ".storageUri")
            .map("identity.userAssignedIdentities")
            // What has names of its own inside that are fields of a VM elsewhere.
            .any("plan", "sku", "resources", "warnings", "properties.instanceView", "properties.vmId")
            .any("properties.timeCreated", "properties.networkProfile.networkInterfaces[].properties")
            .any("properties.networkProfile.networkInterfaces[].deleteOption")
            .lasting("location", "properties", STORAGE, OS_DISK)
            .build();

    private static Shape.Builder disks(Shape.Builder shape) {
        shape.text(ImageReferences.PATH + ".id", ImageReferences.PATH + ".publisher", ImageReferences.PATH + ".offer")
                .text(ImageReferences.PATH + ".sku", ImageReferences.PATH + ".version")
                .any(ImageReferences.PATH + ".exactVersion")
                .text(OS_DISK + ".osType", OS_DISK + ".diffDiskSettings.option")
                .integer(DATA_DISK + ".lun")
                .bool(DATA_DISK + ".toBeDetached");
        for (String disk : List.of(OS_DISK, DATA_DISK)) {
            shape.text(disk + ".name", disk + ".createOption", disk + ".deleteOption")
                    .integer(disk + ".diskSizeGB")
                    .text(disk + ".managedDisk.id", disk + ".managedDisk.diskEncryptionSet.id")
                    .text(disk + ".managedDisk.securityProfile.securityEncryptionType")
                    .text(disk + ".managedDisk.securityProfile.diskEncryptionSet.id");
        }
        return shape;
    }

    private final Fields fields;

    private VmBody(Fields fields) {
        this.fields = fields;
    }

    /** A whole VM; says every field of a wrong type at once. What the values mean is the service's to check. */
    static VmSpec read(ArmId id, ObjectNode body) {
        Fields fields = Fields.of(body, SHAPE);
        Draft draft = ResourceBody.draft(fields);
        VmSpec spec = new VmBody(fields).spec(id, draft);
        fields.done();
        return spec;
    }

    /** The ids of the network interfaces that the VM is to have. */
    private static List<ArmId> interfaces(ObjectNode body) {
        List<ArmId> out = new ArrayList<>();
        body.path("properties")
                .path("networkProfile")
                .path("networkInterfaces")
                .forEach(n -> ArmId.parseHead(n.path("id").asString("")).ifPresent(out::add));
        return out;
    }

    /** A PUT that does not speak of data disks leaves those that are there; an empty list detaches them. */
    static ObjectNode withDisks(ObjectNode sent, ObjectNode present) {
        boolean silent = sent.path("properties").path("storageProfile") instanceof ObjectNode storage
                && (!storage.has("dataDisks") || storage.path("dataDisks").isNull());
        if (!silent) {
            return sent;
        }
        ObjectNode out = sent.deepCopy();
        ResourceBody.object(ResourceBody.properties(out), "storageProfile")
                .set(
                        "dataDisks",
                        present.path("properties").path("storageProfile").path("dataDisks"));
        return out;
    }

    private VmSpec spec(ArmId id, Draft draft) {
        fields.object("properties");
        identity();
        fields.object("properties.hardwareProfile");
        network();
        os();
        diagnostics();
        fields.object("properties.storageProfile");
        Optional<ImageReference> image = image();
        OsDiskSpec osDisk = osDisk();
        List<DataDiskSpec> dataDisks = new ArrayList<>();
        for (Fields disk : fields.objects("properties.storageProfile.dataDisks")) {
            dataDisks.add(dataDisk(disk));
        }
        String security = "properties.securityProfile";
        fields.object(security);
        fields.object(security + ".uefiSettings");
        return new VmSpec(
                id,
                draft.location(),
                draft.tags(),
                stored(draft),
                fields.text("properties.hardwareProfile.vmSize"),
                fields.text(security + ".securityType"),
                fields.bool(security + ".uefiSettings.secureBootEnabled"),
                fields.bool(security + ".uefiSettings.vTpmEnabled"),
                image,
                osDisk,
                dataDisks,
                interfaces(fields.node()));
    }

    private Optional<ImageReference> image() {
        String at = ImageReferences.PATH;
        Fields image = fields.objectOrEmpty(at);
        ImageReference reference = new ImageReference(
                image.has("id") ? id(fields, at + ".id") : Optional.empty(),
                image.text("publisher"),
                image.text("offer"),
                image.text("sku"),
                image.text("version"));
        return fields.has(at) ? Optional.of(reference) : Optional.empty();
    }

    private OsDiskSpec osDisk() {
        String at = "properties.storageProfile.osDisk";
        if (!fields.has(at)) {
            fields.problem(at, "'" + at + "' is required.");
        }
        Fields os = fields.objectOrEmpty(at);
        os.object("managedDisk");
        os.object("managedDisk.securityProfile");
        os.object("diffDiskSettings");
        return new OsDiskSpec(
                os.text("name"),
                os.text("createOption"),
                size(os),
                os.text("deleteOption"),
                os.text("osType"),
                os.text("diffDiskSettings.option"),
                id(os, "managedDisk.id"),
                os.text("managedDisk.securityProfile.securityEncryptionType"),
                id(os, "managedDisk.securityProfile.diskEncryptionSet.id"),
                id(os, "managedDisk.diskEncryptionSet.id"));
    }

    private DataDiskSpec dataDisk(Fields disk) {
        disk.object("managedDisk");
        if (!disk.has("lun")) {
            disk.problem("lun", "'" + disk.path() + ".lun' is required: a whole number from 0 to 63.");
        }
        Optional<ArmId> plain = id(disk, "managedDisk.diskEncryptionSet.id");
        Optional<ArmId> confidential = id(disk, "managedDisk.securityProfile.diskEncryptionSet.id");
        return new DataDiskSpec(
                disk.integer("lun", 0, 63).orElse(0L).intValue(),
                disk.text("name"),
                disk.text("createOption"),
                size(disk),
                disk.text("deleteOption"),
                id(disk, "managedDisk.id"),
                plain.or(() -> confidential),
                disk.bool("toBeDetached").orElse(false));
    }

    private static Optional<Integer> size(Fields disk) {
        return disk.integer("diskSizeGB", 1, MAX_GB).map(Long::intValue);
    }

    /** The resource id in a field; also where one of the objects around it is of a wrong type. */
    private static Optional<ArmId> id(Fields in, String name) {
        in.object(name.substring(0, name.lastIndexOf('.')));
        return ResourceIds.read(in, name);
    }

    private void network() {
        fields.object("properties.networkProfile");
        for (Fields nic : fields.objects("properties.networkProfile.networkInterfaces")) {
            nic.text("id");
        }
    }

    private void os() {
        fields.object("properties.osProfile");
        fields.text("properties.osProfile.computerName");
        fields.text("properties.osProfile.adminUsername");
        fields.text("properties.osProfile.adminPassword");
        fields.text("properties.osProfile.customData");
        fields.text("properties.userData");
    }

    /** The console's log is with the VM's host, as Azure's managed boot diagnostics keep it: without a storageUri. */
    private void diagnostics() {
        String at = "properties.diagnosticsProfile.bootDiagnostics";
        fields.object("properties.diagnosticsProfile");
        fields.object(at);
        fields.bool(at + ".enabled");
        fields.text(at + ".storageUri")
                .filter(u -> !u.isBlank())
                .ifPresent(u -> fields.problem(
                        at + ".storageUri",
                        "'" + at + ".storageUri' must be absent: this server has no storage accounts, and shows the"
                                + " console without one."));
    }

    /** A VM here has no endpoint from which its guest could get tokens, so it is not promised an identity. */
    private void identity() {
        fields.object("identity");
        fields.text("identity.type")
                .filter(t -> !t.equalsIgnoreCase("None"))
                .ifPresent(t -> fields.problem(
                        "identity.type",
                        "'identity.type' must be absent or 'None': VMs of this server have no managed identity of"
                                + " their own."));
    }

    /** What the server says itself is not kept a second time. */
    private static String stored(Draft draft) {
        ObjectNode document = Json.parseObject(draft.document());
        document.remove(List.of("resources", "identity"));
        if (document.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of("instanceView", "vmId", "timeCreated"));
            ImageReferences.strip(properties);
        }
        return Json.text(document);
    }
}
