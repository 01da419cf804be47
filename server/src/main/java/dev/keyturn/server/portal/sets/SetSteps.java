package dev.keyturn.server.portal.sets;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The pages of disk encryption sets as clients of the API say them. */
final class SetSteps {
    private SetSteps() {}

    static Step list(Request request, String subscription) {
        return Step.arm(
                        request,
                        "List the disk encryption sets",
                        "GET",
                        "/subscriptions/" + subscription + "/providers/Microsoft.Compute/diskEncryptionSets",
                        Step.DISKS)
                .by(Az.of("disk-encryption-set", "list"));
    }

    static List<Step> one(Request request, ArmId set, boolean mayVerify) {
        List<Step> steps = new ArrayList<>(List.of(
                Step.of(request, "Show it", "GET", set, "", Step.DISKS).by(command("show", set)),
                Step.of(request, "Show what is under which key version", "GET", set, "/census", Step.DISKS),
                Step.of(request, "List the disks under it", "GET", set, "/associatedResources", Step.DISKS)
                        .by(command("list-associated-resources", set)),
                Step.of(request, "Show the changes of its key so far", "GET", set, "/rotations", Step.DISKS)));
        if (mayVerify) {
            steps.add(Step.of(request, "Verify every artifact", "POST", set, "/verify", Step.DISKS));
        }
        return steps;
    }

    /**
     * The change of the key.
     *
     * @param present the key in use, where a new version of it can be made
     * @param target the key version that is chosen
     * @param old the key version that was left, where it can be disabled
     */
    static List<Step> key(
            Request request,
            ArmId set,
            Optional<KeyId> present,
            Optional<KeyId> target,
            Optional<KeyId> old,
            List<ArmId> running) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(request, "Show the set with its key", "GET", set, "", Step.DISKS)
                .by(command("show", set)));
        present.map(p -> p.url().substring(0, p.url().lastIndexOf('/')))
                .ifPresent(key -> steps.add(Step.key("Make a new version of the present key", "POST", key + "/rotate")
                        .by(Az.of("keyvault", "key", "rotate").with("--id", key))));
        target.ifPresent(to -> {
            ObjectNode change = Json.object();
            change.putObject("properties").putObject("activeKey").put("keyUrl", to.url());
            steps.add(Step.of(request, "See what is in the way", "POST", set, "/preflight", Step.DISKS)
                    .sending(change.toString()));
            running.forEach(vm -> steps.add(Step.of(request, "Stop " + vm.name(), "POST", vm, "/powerOff", Step.VMS)
                    .by(Az.of("vm", "stop")
                            .with("--resource-group", vm.resourceGroup())
                            .with("--name", vm.name()))));
            steps.add(Step.of(request, "Save: change the key", "PATCH", set, "", Step.DISKS)
                    .sending(change.toString())
                    .by(command("update", set).with("--key-url", to.url())));
        });
        old.ifPresent(left -> steps.add(Step.key("Disable the version that was left", "PATCH", left.url())
                .sending("{\"attributes\":{\"enabled\":false}}")
                .by(Az.of("keyvault", "key", "set-attributes")
                        .with("--id", left.url())
                        .with("--enabled", "false"))));
        return steps;
    }

    /** Starting VMs that ran before. */
    static List<Step> starts(Request request, List<ArmId> vms) {
        return vms.stream()
                .map(vm -> Step.of(request, "Start " + vm.name(), "POST", vm, "/start", Step.VMS)
                        .by(Az.of("vm", "start")
                                .with("--resource-group", vm.resourceGroup())
                                .with("--name", vm.name())))
                .toList();
    }

    private static Az command(String name, ArmId set) {
        return Az.of("disk-encryption-set", name)
                .with("--resource-group", set.resourceGroup())
                .with("--name", set.name());
    }
}
