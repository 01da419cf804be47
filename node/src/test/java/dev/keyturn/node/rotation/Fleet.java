package dev.keyturn.node.rotation;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Puts CVMs under a set straight into the store and onto the host: three artifacts each, stopped. */
final class Fleet {
    private static final List<ArtifactKind> KINDS =
            List.of(ArtifactKind.GUEST_STATE, ArtifactKind.OS_DISK, ArtifactKind.DATA_DISK);

    private final Engine engine;

    Fleet(Engine engine) {
        this.engine = engine;
    }

    ArmId add(ArmId setId, String name, boolean ephemeral) {
        DiskEncryptionSet set = engine.set(setId);
        SetKey.Customer setKey = engine.setKeys.ensure(set.id(), set.activeKey(), set.principal());
        ArmId vmId = new ArmId(Engine.SUBSCRIPTION, "rg", ConfidentialVm.TYPE, name);
        UUID uuid = UUID.randomUUID();
        ConfidentialVm vm = new ConfidentialVm(
                head(vmId),
                uuid,
                Hardware.PLAIN,
                SecurityEncryption.DISK_WITH_VM_GUEST_STATE,
                Optional.of(setId),
                FakeHost.NAME,
                ephemeral,
                PowerState.STOPPED,
                engine.clock.instant(),
                Optional.empty());
        List<Disk> disks = List.of(disk(setId, vmId, name + "_os", true), disk(setId, vmId, name + "_data", false));
        ArtifactId first =
                engine.transactions.write(tx -> engine.stores.artifacts().reserveIds(tx, 3));
        List<Artifact> artifacts = new ArrayList<>();
        List<NewImage> images = new ArrayList<>();
        try (SetKeyCipher cipher = engine.setKeys.open(setKey, set.principal())) {
            for (int i = 0; i < 3; i++) {
                ArtifactId id = new ArtifactId(first.value() + i);
                ArtifactKind kind = KINDS.get(i);
                Optional<Disk> disk = i == 0 ? Optional.empty() : Optional.of(disks.get(i - 1));
                SecretBytes dataKey = SetKeyCipher.newDataKey(engine.random);
                artifacts.add(new Artifact(
                        id,
                        kind,
                        disk.map(Disk::id).orElse(vmId),
                        Optional.of(setId),
                        FakeHost.NAME,
                        cipher.seal(id, Optional.of(setId), dataKey),
                        1));
                ArtifactImage image = new ArtifactImage(
                        id, kind, Optional.of(uuid), disk.map(Disk::uniqueId), disk.flatMap(Disk::lun));
                images.add(new NewImage(new HostArtifact(image, dataKey), 1, Optional.empty()));
            }
        }
        engine.host.provision(Fence.NONE, Optional.of(uuid), images, Progress.UNHEARD);
        images.forEach(i -> i.artifact().dataKey().close());
        engine.transactions.run(tx -> {
            boolean made = engine.stores.vms().insert(tx, vm).hit();
            for (Disk d : disks) {
                made &= engine.stores.disks().insert(tx, d).hit();
            }
            assert made;
            engine.stores.artifacts().insert(tx, artifacts);
        });
        return vmId;
    }

    /** The interlock as a start has it, and the opening of every envelope; false where the set is being rotated. */
    boolean start(ArmId vmId) {
        ConfidentialVm vm = vm(vmId);
        ArmId setId = vm.set().orElseThrow();
        boolean allowed = engine.transactions.write(tx -> engine.stores
                        .diskSets()
                        .find(tx, setId)
                        .orElseThrow()
                        .rotation()
                        .isEmpty()
                && engine.stores
                        .vms()
                        .movePower(
                                tx,
                                vmId,
                                Set.of(PowerState.STOPPED),
                                PowerState.RUNNING,
                                engine.clock.instant(),
                                Optional.empty())
                        .hit());
        if (allowed) {
            engine.host.start(Fence.NONE, new Machine(vm.vmId(), vm.id().name(), vm.hardware()), List.of());
        }
        return allowed;
    }

    void stop(ArmId vmId) {
        engine.host.stop(Fence.NONE, vm(vmId).vmId(), java.time.Duration.ZERO);
        engine.transactions.run(tx -> {
            boolean moved = engine.stores
                    .vms()
                    .movePower(
                            tx,
                            vmId,
                            Set.of(PowerState.RUNNING),
                            PowerState.STOPPED,
                            engine.clock.instant(),
                            Optional.empty())
                    .hit();
            assert moved;
        });
    }

    ConfidentialVm vm(ArmId id) {
        return engine.transactions.read(tx -> engine.stores.vms().find(tx, id)).orElseThrow();
    }

    private Disk disk(ArmId set, ArmId vm, String name, boolean os) {
        return new Disk(
                head(new ArmId(Engine.SUBSCRIPTION, "rg", Disk.TYPE, name)),
                UUID.randomUUID(),
                os,
                1,
                Optional.of(set),
                FakeHost.NAME,
                Optional.of(vm),
                os ? Optional.empty() : Optional.of(0),
                true,
                Optional.empty());
    }

    private Resource head(ArmId id) {
        return Resource.created(
                id, FakeVault.LOCATION, Map.of(), "{}", ProvisioningState.SUCCEEDED, engine.clock.instant());
    }
}
