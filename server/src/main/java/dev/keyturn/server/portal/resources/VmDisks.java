package dev.keyturn.server.portal.resources;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The data disks of a VM, changed as clients change them: by a PATCH with all that it is to have, on condition that it is as
 * it was read.
 */
public record VmDisks(ArmClient client) {
    private static final int LUNS = 64;

    /** One more, at the lowest lun that is free. */
    public Response attach(Visitor visitor, Call call, ArmId vm, ObjectNode disk) {
        return change(visitor, call, vm, disks -> disks.add(disk.put("lun", free(disks))));
    }

    /** A disk that is there. */
    Response attach(Visitor visitor, Call call, ArmId vm, ArmId disk) {
        return attach(visitor, call, vm, existing(disk.toString()));
    }

    /** What a VM has a disk as that is there. */
    public static ObjectNode existing(String disk) {
        ObjectNode out = Json.object().put("createOption", "Attach");
        out.putObject("managedDisk").put("id", disk);
        return out;
    }

    /** All but one. */
    Response detach(Visitor visitor, Call call, ArmId vm, ArmId disk) {
        return change(visitor, call, vm, disks -> {
            for (int i = disks.size() - 1; i >= 0; i--) {
                String id = disks.get(i).path("managedDisk").path("id").asString("");
                if (ArmId.parse(id).filter(disk::equals).isPresent()) {
                    disks.remove(i);
                }
            }
        });
    }

    /** What would be sent for one more; empty where the VM cannot be read. */
    public Optional<ObjectNode> withOneMore(Visitor visitor, ArmId vm, ObjectNode disk) {
        try {
            Response read = client.read(visitor, visitor.call(), vm.toString(), Step.VMS);
            return Optional.of(changed(read, disks -> disks.add(disk.put("lun", free(disks)))));
        } catch (DomainException e) {
            return Optional.empty();
        }
    }

    private Response change(Visitor visitor, Call call, ArmId vm, Consumer<ArrayNode> change) {
        Response read = client.read(visitor, call, vm.toString(), Step.VMS);
        String tag = Optional.ofNullable(read.headers().get("ETag"))
                .orElseThrow(() -> new IllegalStateException(
                        "a VM was read without an ETag, so its disks cannot be changed on a condition: " + vm));
        return client.send(
                visitor, call, "PATCH", vm.toString(), Step.VMS, Map.of("if-match", tag), changed(read, change));
    }

    private static ObjectNode changed(Response read, Consumer<ArrayNode> change) {
        ObjectNode body = Json.object();
        ArrayNode disks =
                body.putObject("properties").putObject("storageProfile").putArray("dataDisks");
        Json.parseObject(read.body())
                .path("properties")
                .path("storageProfile")
                .path("dataDisks")
                .forEach(disks::add);
        change.accept(disks);
        return body;
    }

    private static int free(ArrayNode disks) {
        Set<Integer> taken = StreamSupport.stream(disks.spliterator(), false)
                .map((JsonNode d) -> d.path("lun").asInt(-1))
                .collect(Collectors.toSet());
        int lun = 0;
        while (taken.contains(lun) && lun < LUNS) {
            lun++;
        }
        return lun;
    }
}
