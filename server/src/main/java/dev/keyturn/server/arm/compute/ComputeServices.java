package dev.keyturn.server.arm.compute;

import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.vm.DeepVerification;
import dev.keyturn.core.vm.DiskService;
import dev.keyturn.core.vm.ImageService;
import dev.keyturn.core.vm.VmService;

/** What the compute surface is built from. */
public record ComputeServices(
        VmService vms,
        ConsoleRoutes consoles,
        DiskService disks,
        ImageService images,
        DiskSetService sets,
        RotationService rotations,
        DeepVerification verification,
        OperationService operations,
        ResourceGroupService groups,
        UserAssignedIdentityService identities,
        Access access,
        Subscription subscription) {}
