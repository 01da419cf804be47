package dev.keyturn.server.arm.compute;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.InstanceView;
import dev.keyturn.core.vm.VmView;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.arm.ResourceBody;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Virtual machines, their instance views and their artifacts as clients see them. */
final class VmViews {
    private VmViews() {}

    /** {@code userData} is only shown to who asks for it, as in Azure. */
    static ObjectNode render(VmView view, boolean userData) {
        ConfidentialVm vm = view.vm();
        ObjectNode out = ResourceBody.render(vm.head(), VmBody.SHAPE);
        out.put("etag", ETags.of(vm.head()));
        ObjectNode properties = ResourceBody.properties(out);
        properties
                .put("vmId", vm.vmId().toString())
                .put("timeCreated", vm.head().createdAt().toString());
        if (!userData) {
            properties.remove("userData");
        }
        ObjectNode network = ResourceBody.object(properties, "networkProfile");
        if (!(network.get("networkInterfaces") instanceof ArrayNode)) {
            network.putArray("networkInterfaces"); // clients walk through it without asking whether it is there
        }
        ObjectNode storage = ResourceBody.object(properties, "storageProfile");
        Optional<Disk> os = view.disks().stream().filter(Disk::os).findFirst();
        os.ifPresent(d -> osDisk(storage, vm, d));
        ImageReferences.exactVersion(storage, os);
        dataDisks(storage, view.disks().stream().filter(d -> !d.os()).toList());
        return out;
    }

    private static void osDisk(ObjectNode storage, ConfidentialVm vm, Disk disk) {
        ObjectNode os = ResourceBody.object(storage, "osDisk");
        managed(os, disk);
        if (!os.has("createOption")) {
            os.put("createOption", "FromImage");
        }
        if (!os.has("osType")) {
            os.put("osType", "Linux");
        }
        ObjectNode security = ResourceBody.object(ResourceBody.object(os, "managedDisk"), "securityProfile");
        security.put("securityEncryptionType", vm.encryption().wire());
        security.remove("diskEncryptionSet");
        vm.set().ifPresent(s -> security.putObject("diskEncryptionSet").put("id", s.toString()));
    }

    /** The disks that are attached, each with what the client said of its lun beyond what is known here. */
    private static void dataDisks(ObjectNode storage, List<Disk> disks) {
        Map<Integer, ObjectNode> said = new HashMap<>();
        storage.path("dataDisks").forEach(d -> {
            if (d instanceof ObjectNode o && o.path("lun").isInt()) {
                said.put(o.path("lun").intValue(), o);
            }
        });
        ArrayNode out = Json.array();
        for (Disk disk : disks) {
            int lun = disk.lun().orElse(0);
            ObjectNode one = said.getOrDefault(lun, Json.object());
            one.put("lun", lun);
            managed(one, disk);
            if (!one.has("createOption")) {
                one.put("createOption", "Attach");
            }
            one.put("toBeDetached", false);
            out.add(one);
        }
        storage.set("dataDisks", out);
    }

    private static void managed(ObjectNode to, Disk disk) {
        to.put("name", disk.id().name())
                .put("diskSizeGB", disk.sizeGb())
                .put("deleteOption", disk.deleteWithVm() ? "Delete" : "Detach");
        ResourceBody.object(to, "managedDisk").put("id", disk.id().toString());
    }

    static ObjectNode instance(InstanceView view) {
        ConfidentialVm vm = view.vm();
        ObjectNode out = Json.object();
        String computer = Json.parseObject(vm.head().document())
                .path("properties")
                .path("osProfile")
                .path("computerName")
                .asString(vm.id().name());
        out.put("computerName", computer).put("hyperVGeneration", "V2");
        ArrayNode disks = out.putArray("disks");
        for (Disk disk : view.disks()) {
            disks.addObject()
                    .put("name", disk.id().name())
                    .putArray("statuses")
                    .add(provisioning(disk.head().state(), disk.head().changedAt()));
        }
        ArrayNode statuses = out.putArray("statuses");
        statuses.add(provisioning(vm.head().state(), vm.head().changedAt()));
        statuses.add(power(view));
        statuses.add(Json.object()
                .put("code", "HostInfo/" + vm.host())
                .put("level", "Info")
                .put("displayStatus", view.hostLabel()));
        vm.fault().ifPresent(f -> statuses.add(message("Fault", "Error", f)));
        view.warnings().forEach(w -> statuses.add(message("Warning", "Warning", w)));
        if (!view.notes().isEmpty()) {
            // Ours: what the host has to say of this VM.
            ObjectNode notes = out.putObject("hostNotes");
            new TreeMap<>(view.notes()).forEach(notes::put);
        }
        return out;
    }

    private static ObjectNode provisioning(ProvisioningState state, Instant at) {
        boolean failed = state == ProvisioningState.FAILED;
        String name = state.wire();
        return Json.object()
                .put("code", "ProvisioningState/" + lower(name))
                .put("level", failed ? "Error" : "Info")
                .put("displayStatus", state.busy() ? name : "Provisioning " + lower(name))
                .put("time", at.toString());
    }

    /** Nothing is said of a VM whose host does not answer but what was last known, and that it is no more than that. */
    private static ObjectNode power(InstanceView view) {
        ConfidentialVm vm = view.vm();
        PowerState power = vm.power();
        if (view.unknown().isPresent()) {
            return Json.object()
                    .put("code", "PowerState/unknown")
                    .put("level", "Warning")
                    .put("displayStatus", "VM unknown")
                    .put(
                            "message",
                            "Last known: " + power.wire() + ". "
                                    + view.unknown().get().message())
                    .put("time", vm.powerSince().toString());
        }
        return Json.object()
                .put("code", "PowerState/" + power.wire())
                .put("level", "Info")
                .put("displayStatus", "VM " + power.wire())
                .put("time", vm.powerSince().toString());
    }

    private static ObjectNode message(String family, String level, ErrorInfo info) {
        return Json.object()
                .put("code", family + "/" + info.code())
                .put("level", level)
                .put("displayStatus", info.code())
                .put("message", info.message());
    }

    /** Ours: which key version each of the VM's artifacts is under. */
    static ObjectNode artifacts(ConfidentialVm vm, List<KeyedArtifact> artifacts) {
        ObjectNode out = Json.object().put("vm", vm.id().toString());
        vm.set().ifPresent(s -> out.put("diskEncryptionSet", s.toString()));
        add(out, artifacts);
        return out;
    }

    /** As the other, of one disk. */
    static ObjectNode artifacts(Disk disk, List<KeyedArtifact> artifacts) {
        ObjectNode out = Json.object().put("disk", disk.id().toString());
        disk.set().ifPresent(s -> out.put("diskEncryptionSet", s.toString()));
        add(out, artifacts);
        return out;
    }

    private static void add(ObjectNode out, List<KeyedArtifact> artifacts) {
        ArrayNode value = out.putArray("value");
        for (KeyedArtifact keyed : artifacts) {
            Artifact artifact = keyed.artifact();
            ObjectNode one = value.addObject()
                    .put("id", artifact.id().toString())
                    .put("kind", artifact.kind().wire());
            if (artifact.owner().hasType(Disk.TYPE)) {
                one.put("disk", artifact.owner().toString());
            }
            one.put("host", artifact.host());
            one.put("keyType", keyed.key().isPresent() ? "CustomerManaged" : "PlatformManaged");
            keyed.key().ifPresent(k -> one.put("keyUrl", k.url()));
            one.put("setKey", artifact.envelope().setKey().toString()).put("revision", artifact.revision());
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
