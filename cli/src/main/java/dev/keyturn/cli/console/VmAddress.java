package dev.keyturn.cli.console;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.core.model.ArmId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Which VM a person means: {@code group} and {@code name} as the server has them, or as they were typed. */
record VmAddress(String subscription, String group, String name) {
    private static final String VERSION = "2024-07-01";
    private static final String TYPE = "Microsoft.Compute/virtualMachines";

    /** @throws CliException where it is no VM, or more than one; then it names them */
    static VmAddress find(Api api, String typed, Optional<String> group) {
        String subscription = api.env().subscription();
        if (!typed.contains("/")) {
            return group.map(g -> new VmAddress(subscription, g, typed))
                    .orElseGet(() -> named(
                            typed,
                            api.list("/providers/" + TYPE, VERSION).stream()
                                    .map(vm -> Answer.text(vm, "id"))
                                    .toList()));
        }
        VmAddress vm = parse(typed)
                .orElseThrow(() -> CliException.usage("'" + typed + "' is neither a VM's name nor a VM's resource id:"
                        + " /subscriptions/S/resourceGroups/G/providers/" + TYPE + "/NAME"));
        if (group.isPresent()) {
            throw CliException.usage("--resource-group goes with a VM's name; a resource id has its group already");
        }
        if (!vm.subscription().equalsIgnoreCase(subscription)) {
            throw CliException.usage(
                    "the VM is of subscription " + vm.subscription() + ", but this server's is " + subscription);
        }
        return vm;
    }

    /** The one of these resource ids with that name. */
    static VmAddress named(String name, List<String> ids) {
        List<VmAddress> found = ids.stream()
                .flatMap(id -> parse(id).stream())
                .filter(vm -> vm.name().equalsIgnoreCase(name))
                .toList();
        if (found.isEmpty()) {
            throw CliException.usage("there is no VM '" + name + "' on this server");
        }
        if (found.size() > 1) {
            throw CliException.usage("there are " + found.size() + " VMs '" + name
                    + "'; say which with --resource-group: "
                    + String.join(", ", found.stream().map(VmAddress::group).toList()));
        }
        return found.getFirst();
    }

    static Optional<VmAddress> parse(String id) {
        return ArmId.parseHead(id)
                .filter(parsed -> parsed.hasType(TYPE))
                .map(vm -> new VmAddress(vm.subscription(), vm.resourceGroup(), vm.name()));
    }

    String id() {
        return new ArmId(subscription, group, TYPE, name).toString();
    }

    /** Below the subscription, as {@link Api#arm} wants it. */
    String path() {
        return "/resourceGroups/" + escaped(group) + "/providers/" + TYPE + "/" + escaped(name);
    }

    private static String escaped(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
