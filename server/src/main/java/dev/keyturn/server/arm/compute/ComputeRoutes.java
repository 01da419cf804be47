package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.arm.ArmRoutes;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/** Adds all of {@code Microsoft.Compute} to the routes of the ARM surface. */
public final class ComputeRoutes {
    private ComputeRoutes() {}

    public static void add(ArmRoutes routes, ComputeServices s) {
        DiskSetView setView = new DiskSetView(s.subscription());
        VmRoutes vms = new VmRoutes(s.vms());
        DiskRoutes disks = new DiskRoutes(s.disks());
        DiskSetRoutes sets = new DiskSetRoutes(s.sets(), setView);
        vms.add(routes);
        new VmPowerRoutes(s.power()).add(routes);
        s.consoles().add(routes);
        disks.add(routes);
        new ImageRoutes(s.images()).add(routes);
        sets.add(routes);
        new RotationRoutes(s.rotations(), s.verification(), s.sets()).add(routes);
        OperationRoutes.add(
                routes,
                s.operations(),
                Map.of(
                        ConfidentialVm.TYPE, ifThere(vms::render),
                        Disk.TYPE, ifThere(disks::render),
                        DiskEncryptionSet.TYPE, ifThere(sets::render)));
    }

    /** What an operation made may be deleted by the time somebody polls it, or not be open to that caller. */
    private static BiFunction<Call, ArmId, Optional<ObjectNode>> ifThere(BiFunction<Call, ArmId, ObjectNode> render) {
        return (call, id) -> {
            try {
                return Optional.of(render.apply(call, id));
            } catch (DomainException e) {
                if (e.error() instanceof DomainError.NotFound || e.error() instanceof DomainError.Forbidden) {
                    return Optional.empty();
                }
                throw e;
            }
        };
    }
}
