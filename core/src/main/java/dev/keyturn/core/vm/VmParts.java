package dev.keyturn.core.vm;

import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Transactions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What the services and operations of VMs and disks are built from. {@code shutdownLimit} is how long a guest has to shut
 * down before the plug is pulled.
 */
public record VmParts(
        Transactions transactions,
        VmStore vms,
        DiskStore disks,
        ArtifactStore artifacts,
        DiskSetStore sets,
        SetKeyStore setKeyStore,
        SetKeys setKeys,
        CustomerKeys vault,
        Hosts hosts,
        BaseImages images,
        ResourceGroupService groups,
        OperationService operations,
        Duration shutdownLimit,
        SecureRandom random,
        Clock clock) {

    /** The handlers of every operation on VMs and disks, for the runner of operations. */
    public List<OperationHandler> handlers() {
        return List.of(
                new CreateVmHandler(this),
                new UpdateVmHandler(this),
                new StartVmHandler(this),
                new StopVmHandler(this, OperationKind.POWER_OFF_VM),
                new StopVmHandler(this, OperationKind.DEALLOCATE_VM),
                new RestartVmHandler(this),
                new DeleteVmHandler(this),
                new CreateDiskHandler(this),
                new DeleteDiskHandler(this),
                new DeleteImagesHandler(this),
                new UnplugDiskHandler(this),
                new VerifyDiskSetHandler(this));
    }
}
