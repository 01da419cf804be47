package dev.keyturn.server.arm.compute;

import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.image.ImageService;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.core.vm.VmService;

/** What the compute surface is built from. */
public record ComputeServices(
        VmService vms,
        PowerService power,
        ConsoleRoutes consoles,
        DiskService disks,
        ImageService images,
        DiskSetService sets,
        RotationService rotations,
        DeepVerification verification,
        OperationsInSight operations,
        Doors doors,
        Subscription subscription) {}
