package dev.keyturn.server.portal.vms;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import java.util.ArrayList;
import java.util.List;

/** The pages of virtual machines as clients of the API say them. */
final class VmSteps {
    private VmSteps() {}

    static Step list(Request request, String subscription) {
        return Step.arm(
                        request,
                        "List the virtual machines",
                        "GET",
                        "/subscriptions/" + subscription + "/providers/Microsoft.Compute/virtualMachines",
                        Step.VMS)
                .by(Az.of("vm", "list"));
    }

    /** One VM: to show it, then what the person may do to it. */
    static List<Step> one(Request request, ArmId vm, List<VmAct> acts) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(request, "Show it", "GET", vm, "", Step.VMS).by(command("show", vm)));
        steps.add(Step.of(request, "Show how it runs", "GET", vm, "/instanceView", Step.VMS)
                .by(command("get-instance-view", vm)));
        steps.add(Step.of(request, "Show what is encrypted under which key", "GET", vm, "/artifacts", Step.VMS));
        acts.forEach(act -> steps.add(act(request, vm, act)));
        return steps;
    }

    static Step act(Request request, ArmId vm, VmAct act) {
        return Step.of(request, act.word() + " " + vm.name(), "POST", vm, "/" + act.wire(), Step.VMS)
                .by(command(act.field(), vm));
    }

    static Step console(Request request, ArmId vm) {
        return Step.of(request, "Get an address of the log", "POST", vm, "/retrieveBootDiagnosticsData", Step.VMS)
                .by(Az.of("vm", "boot-diagnostics", "get-boot-log")
                        .with("--resource-group", vm.resourceGroup())
                        .with("--name", vm.name()));
    }

    /** What is at work in the subscription's activity. */
    static Step activity(Request request, ArmId vm) {
        return Step.arm(
                        request,
                        "Show who did what to it",
                        "GET",
                        "/subscriptions/" + vm.subscription()
                                + "/providers/Microsoft.Insights/eventtypes/management/values",
                        Step.OWN,
                        "$filter="
                                + Links.part(
                                        "eventTimestamp ge '2020-01-01T00:00:00Z' and resourceUri eq '" + vm + "'"))
                .by(Az.of("monitor", "activity-log", "list")
                        .with("--resource-id", vm.toString())
                        .with("--offset", "30d"));
    }

    private static Az command(String name, ArmId vm) {
        return Az.of("vm", name).with("--resource-group", vm.resourceGroup()).with("--name", vm.name());
    }
}
