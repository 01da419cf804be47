package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Request;

/** What is done to a virtual machine rather than written into it: start, power off, deallocate, restart. */
final class VmPowerRoutes {
    private final PowerService power;
    private final ResourceGroupService groups;

    VmPowerRoutes(PowerService power, ResourceGroupService groups) {
        this.power = power;
        this.groups = groups;
    }

    private interface Action {
        Accepted<ConfidentialVm> on(ArmId vm, Request request, Call call);
    }

    void add(ArmRoutes routes) {
        add(routes, "start", (vm, _, call) -> power.start(vm, call.caller().name()));
        add(
                routes,
                "powerOff",
                (vm, request, call) -> power.powerOff(
                        vm,
                        VmRoutes.flag(request, "skipShutdown"),
                        call.caller().name()));
        add(
                routes,
                "deallocate",
                (vm, _, call) -> power.deallocate(vm, call.caller().name()));
        add(routes, "restart", (vm, _, call) -> power.restart(vm, call.caller().name()));
    }

    /** The body of an action, if any, means nothing. */
    private void add(ArmRoutes routes, String name, Action action) {
        routes.add("POST", VmRoutes.ONE + "/" + name, VmRoutes.TYPE + "/" + name + "/action", (call, request) -> {
            ArmId group = groups.get(ResourceNames.group(request)).id();
            ArmId vm = new ArmId(group.subscription(), group.resourceGroup(), VmRoutes.TYPE, request.variable("name"));
            Accepted<ConfidentialVm> accepted = action.on(vm, request, call);
            return LongRunning.action(
                    request, accepted.operation(), accepted.resource().head().location());
        });
    }
}
