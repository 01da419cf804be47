package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.arm.ArmRoutes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Adds all of {@code Microsoft.Compute} to the routes of the ARM surface. */
public final class ComputeRoutes {
    private ComputeRoutes() {}

    public static void add(ArmRoutes routes, ComputeServices s) {
        DiskSetView setView = new DiskSetView(s.rotations(), s.identities(), s.subscription());
        VmRoutes vms = new VmRoutes(s.vms(), s.groups(), s.access());
        DiskRoutes disks = new DiskRoutes(s.disks(), s.groups(), s.access());
        DiskSetRoutes sets = new DiskSetRoutes(s.sets(), s.groups(), setView, s.access());
        vms.add(routes);
        new VmPowerRoutes(s.power(), s.groups()).add(routes);
        s.consoles().add(routes, s.groups());
        disks.add(routes);
        new ImageRoutes(s.images(), s.groups()).add(routes);
        sets.add(routes);
        new RotationRoutes(s.rotations(), s.verification(), s.sets(), s.operations(), s.groups()).add(routes);
        OperationRoutes.add(
                routes,
                s.operations(),
                s.access(),
                Map.of(
                        ConfidentialVm.TYPE, ifThere(vms::render),
                        Disk.TYPE, ifThere(disks::render),
                        DiskEncryptionSet.TYPE, ifThere(sets::render)));
    }

    /** What an operation made may be deleted by the time somebody polls it. */
    private static Function<ArmId, Optional<ObjectNode>> ifThere(Function<ArmId, ObjectNode> render) {
        return id -> {
            try {
                return Optional.of(render.apply(id));
            } catch (DomainException e) {
                if (e.error() instanceof DomainError.NotFound) {
                    return Optional.empty();
                }
                throw e;
            }
        };
    }
}
