package dev.keyturn.server.portal.create;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.json.Json;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A disk alone, which no VM has yet. */
final class DiskForm extends ArmForm {
    private static final String ADDRESS = Links.CREATE + "disk";
    private static final String SIZE = "size";
    private static final String IMAGE = "image";

    DiskForm(CreateDesk desk) {
        super(desk);
    }

    @Override
    public About about() {
        return new About(
                ADDRESS,
                "New disk",
                "Create the disk",
                Links.DISKS,
                "Disks",
                List.of(
                        "A disk by itself: a data disk that is attached to a VM later, or one that is filled from an image."
                                + " What is on it is under the key of its set from the first byte on, and it never moves to"
                                + " another set."));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        List<Option> sets = new ArrayList<>();
        sets.add(new Option("", "none: under the platform's key"));
        sets.addAll(desk.sets(visitor));
        List<Option> images = new ArrayList<>();
        images.add(new Option("", "none: an empty disk"));
        images.addAll(desk.images(visitor));
        return List.of(
                desk.group(visitor, typed),
                Field.text(NAME, "Name", typed.text(NAME), ""),
                desk.region(visitor, typed),
                Field.chosen(VmForm.SET, "Disk encryption set", typed.text(VmForm.SET), sets)
                        .optional(),
                Field.text(SIZE, "Size, GiB", typed.text(SIZE, "32"), "As large as the image where it is empty.")
                        .optional(),
                Field.chosen(IMAGE, "Filled from", typed.text(IMAGE), images).optional());
    }

    @Override
    public Optional<FormPage.Aside> aside(Visitor visitor) {
        return desk.newGroup(visitor, ADDRESS);
    }

    @Override
    String type() {
        return Disk.TYPE;
    }

    @Override
    Action action() {
        return Action.DISK_WRITE;
    }

    @Override
    String apiVersion() {
        return Step.DISKS;
    }

    @Override
    ObjectNode body(Visitor visitor, Typed typed) {
        ObjectNode body = Json.object();
        text(body, LOCATION, typed.text(LOCATION));
        ObjectNode properties = body.putObject("properties");
        String image = typed.text(IMAGE);
        ObjectNode creation =
                properties.putObject("creationData").put("createOption", image.isEmpty() ? "Empty" : "FromImage");
        if (!image.isEmpty()) {
            creation.putObject("imageReference").put("id", image);
        }
        number(properties, "diskSizeGB", typed.text(SIZE));
        String set = typed.text(VmForm.SET);
        ObjectNode security = properties
                .putObject("securityProfile")
                .put(
                        "securityType",
                        set.isEmpty()
                                ? "ConfidentialVM_DiskEncryptedWithPlatformKey"
                                : "ConfidentialVM_DiskEncryptedWithCustomerKey");
        text(security, "secureVMDiskEncryptionSetId", set);
        return body;
    }

    @Override
    String next(Visitor visitor, Typed typed, ArmId made) {
        return Links.disk(made);
    }

    @Override
    Map<String, String> sources() {
        return Map.of(
                "properties.creationData", IMAGE,
                "properties.diskSizeGB", SIZE,
                "properties.securityProfile", VmForm.SET);
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        String target = error.target().orElse("");
        if (!target.isEmpty() && target.equalsIgnoreCase(typed.text(IMAGE))) {
            return Optional.of(IMAGE);
        }
        return !target.isEmpty() && (target.equalsIgnoreCase(typed.text(VmForm.SET)) || target.startsWith("https://"))
                ? Optional.of(VmForm.SET)
                : super.field(error, typed);
    }
}
