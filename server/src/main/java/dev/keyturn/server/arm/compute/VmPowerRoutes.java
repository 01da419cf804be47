package dev.keyturn.server.arm.compute;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.LongRunning;
import dev.keyturn.server.arm.ResourceNames;
import dev.keyturn.server.http.Request;

/** What is done to a virtual machine rather than written into it: start, power off, deallocate, restart. */
final class VmPowerRoutes {
    private final PowerService power;

    VmPowerRoutes(PowerService power) {
        this.power = power;
    }

    private interface Deed {
        Accepted<ConfidentialVm> on(Call call, ArmId vm, Request request);
    }

    void add(ArmRoutes routes) {
        add(routes, "start", (call, vm, _) -> power.start(call, vm));
        add(
                routes,
                "powerOff",
                (call, vm, request) -> power.powerOff(call, vm, VmRoutes.flag(request, "skipShutdown")));
        add(routes, "deallocate", (call, vm, _) -> power.deallocate(call, vm));
        add(routes, "restart", (call, vm, _) -> power.restart(call, vm));
    }

    /** The body of an action, if any, means nothing. */
    private static void add(ArmRoutes routes, String name, Deed deed) {
        routes.add("POST", VmRoutes.ONE + "/" + name, (call, request) -> {
            Accepted<ConfidentialVm> accepted = deed.on(call, ResourceNames.resource(request, VmRoutes.TYPE), request);
            return LongRunning.action(
                    request, accepted.operation(), accepted.resource().head().location());
        });
    }
}
