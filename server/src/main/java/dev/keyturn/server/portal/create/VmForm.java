package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A confidential VM with its OS disk, and one data disk if it is wanted. */
final class VmForm extends ArmForm {
    static final String ADDRESS = Links.CREATE + "vm";
    static final String SET = "set";
    private static final String SIZE = "size";
    private static final String IMAGE = "image";
    private static final String OS_GB = "osgb";
    private static final String EPHEMERAL = "ephemeral";
    private static final String DATA_GB = "datagb";
    private static final String ADMIN = "admin";
    private static final int PARTS = 4;
    private static final List<Option> SIZES = List.of(
            new Option("Standard_DC2as_v5", "2 processors, AMD SEV-SNP"),
            new Option("Standard_DC4as_v5", "4 processors, AMD SEV-SNP"),
            new Option("Standard_DC8as_v5", "8 processors, AMD SEV-SNP"),
            new Option("Standard_EC4as_v5", "4 processors and more memory, AMD SEV-SNP"),
            new Option("Standard_DC2es_v5", "2 processors, Intel TDX"),
            new Option("Standard_DC4es_v5", "4 processors, Intel TDX"));
    private static final String USUAL_IMAGE = "Canonical:0001-com-ubuntu-confidential-vm-jammy:22_04-lts-cvm:latest";

    VmForm(CreateDesk desk) {
        super(desk);
    }

    @Override
    public About about() {
        return new About(
                ADDRESS,
                "New virtual machine",
                "Create and start it",
                Links.VMS,
                "Virtual machines",
                List.of(
                        "A confidential VM: secure boot and a virtual TPM are on, and its guest state and disks are encrypted."));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        List<Option> sets = new ArrayList<>();
        sets.add(new Option("", "none: guest state alone, under the platform's key"));
        sets.addAll(desk.sets(visitor));
        String set = typed.text(SET);
        if (sets.stream().noneMatch(o -> o.value().equalsIgnoreCase(set))) {
            sets.add(Option.of(set));
        }
        List<Option> images = new ArrayList<>(desk.images(visitor));
        images.add(new Option(USUAL_IMAGE, "platform image"));
        return List.of(
                desk.group(visitor, typed),
                Field.text(NAME, "Name", typed.text(NAME), ""),
                desk.region(visitor, typed),
                Field.select(SET, "Disk encryption set", set, sets, "Its key is what the VM and its disks are under.")
                        .optional(),
                Field.text(SIZE, "Size", typed.text(SIZE, SIZES.getFirst().value()), "One of the confidential series.")
                        .suggesting(SIZES),
                Field.text(
                                IMAGE,
                                "Image",
                                typed.text(IMAGE, USUAL_IMAGE),
                                "PUBLISHER:OFFER:SKU:VERSION, or the id of an image of this server.")
                        .suggesting(images),
                Field.text(OS_GB, "OS disk, GiB", typed.text(OS_GB), "As large as the image where it is empty.")
                        .optional(),
                Field.tick(
                        EPHEMERAL,
                        "Ephemeral OS disk",
                        typed.on(EPHEMERAL, false),
                        "It is lost when the VM stops, and keeps the key of its set from being changed."),
                Field.text(DATA_GB, "Data disk, GiB", typed.text(DATA_GB), "None where it is empty.")
                        .optional(),
                Field.text(ADMIN, "Administrator's name in the guest", typed.text(ADMIN, "azureuser"), "")
                        .optional());
    }

    @Override
    public Optional<FormPage.Aside> aside(Visitor visitor) {
        return desk.may(visitor, Action.DISK_SET_READ, desk.all())
                        && desk.sets(visitor).isEmpty()
                ? Optional.of(new FormPage.Aside(
                        "There is no disk encryption set yet: without one a VM is under the platform's key.",
                        "Make a disk encryption set",
                        SetForm.ADDRESS))
                : desk.newGroup(visitor, ADDRESS);
    }

    @Override
    String type() {
        return ConfidentialVm.TYPE;
    }

    @Override
    Action action() {
        return Action.VM_WRITE;
    }

    @Override
    String apiVersion() {
        return "2024-07-01";
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        List<ErrorInfo> wrong = new ArrayList<>(super.problems(visitor, typed));
        String image = typed.text(IMAGE);
        if (!image.startsWith("/") && image.split(":", -1).length != PARTS) {
            wrong.add(DomainError.field(
                    IMAGE, "An image is PUBLISHER:OFFER:SKU:VERSION, or the id of an image of this server."));
        }
        return wrong;
    }

    @Override
    ObjectNode body(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        text(body, LOCATION, typed.text(LOCATION));
        ObjectNode properties = body.putObject("properties");
        text(properties.putObject("hardwareProfile"), "vmSize", typed.text(SIZE));
        properties
                .putObject("securityProfile")
                .put("securityType", "ConfidentialVM")
                .putObject("uefiSettings")
                .put("secureBootEnabled", true)
                .put("vTpmEnabled", true);
        ObjectNode storage = properties.putObject("storageProfile");
        image(storage.putObject("imageReference"), typed.text(IMAGE));
        String set = typed.text(SET);
        ObjectNode os = storage.putObject("osDisk").put("createOption", "FromImage");
        number(os, "diskSizeGB", typed.text(OS_GB));
        if (typed.on(EPHEMERAL, false)) {
            os.put("caching", "ReadOnly").putObject("diffDiskSettings").put("option", "Local");
        }
        ObjectNode security = os.putObject("managedDisk").putObject("securityProfile");
        security.put("securityEncryptionType", set.isEmpty() ? "VMGuestStateOnly" : "DiskWithVMGuestState");
        if (!set.isEmpty()) {
            security.putObject("diskEncryptionSet").put("id", set);
        }
        if (!typed.text(DATA_GB).isEmpty()) {
            ObjectNode data = storage.putArray("dataDisks").addObject();
            data.put("lun", 0).put("createOption", "Empty");
            number(data, "diskSizeGB", typed.text(DATA_GB));
            if (!set.isEmpty()) {
                data.putObject("managedDisk").putObject("diskEncryptionSet").put("id", set);
            }
        }
        ObjectNode profile = properties.putObject("osProfile").put("computerName", typed.text(NAME));
        text(profile, "adminUsername", typed.text(ADMIN));
        return body;
    }

    private static void image(ObjectNode reference, String image) {
        String[] parts = image.split(":", -1);
        if (image.startsWith("/")) {
            reference.put("id", image);
        } else if (parts.length == PARTS) {
            text(reference, "publisher", parts[0]);
            text(reference, "offer", parts[1]);
            text(reference, "sku", parts[2]);
            text(reference, "version", parts[3]);
        }
    }

    @Override
    String next(Visitor visitor, Typed typed, ArmId made) {
        return Links.vm(made);
    }

    @Override
    Map<String, String> sources() {
        return Map.of(
                "properties.hardwareProfile", SIZE,
                "properties.storageProfile.imageReference", IMAGE,
                "properties.storageProfile.osDisk.diskSizeGB", OS_GB,
                "properties.storageProfile.osDisk.managedDisk", SET,
                "properties.storageProfile.osDisk.diffDiskSettings", EPHEMERAL,
                "properties.storageProfile.dataDisks", DATA_GB,
                "properties.osProfile", ADMIN);
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        String target = error.target().orElse("");
        return !target.isEmpty() && (target.equalsIgnoreCase(typed.text(SET)) || target.startsWith("https://"))
                ? Optional.of(SET)
                : super.field(error, typed);
    }
}
