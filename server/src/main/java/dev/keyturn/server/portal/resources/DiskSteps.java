package dev.keyturn.server.portal.resources;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Step;
import java.util.List;

/** The pages of disks as clients of the API say them. */
final class DiskSteps {
    private DiskSteps() {}

    static Step list(Request request, String subscription) {
        return Step.arm(
                        request,
                        "List the disks",
                        "GET",
                        ArmId.subscription(subscription) + "/providers/" + Disk.TYPE,
                        Step.DISKS)
                .by(Az.of("disk", "list"));
    }

    static List<Step> one(Request request, ArmId disk) {
        return List.of(
                Step.of(request, "Show it", "GET", disk, "", Step.DISKS)
                        .by(Az.of("disk", "show")
                                .with("--resource-group", disk.resourceGroup())
                                .with("--name", disk.name())),
                Step.of(request, "Show which key version it is under", "GET", disk, "/artifacts", Step.DISKS));
    }
}
