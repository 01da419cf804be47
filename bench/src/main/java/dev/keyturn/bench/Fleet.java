package dev.keyturn.bench;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import dev.keyturn.host.simulated.SimulatedMachines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A set with many stopped CVMs of three artifacts each, written in bulk through the stores: what the API would have
 * made, in a fraction of the time. Images on the host are placeholders; a rotation never opens them unless it is deep.
 */
final class Fleet {
    static final int ARTIFACTS_OF_A_VM = 3;
    private static final int AT_ONCE = 500;
    private static final byte[] PLACEHOLDER = new byte[60];

    private final Engine engine;
    private final ArmId set;
    private final KeyId firstKey;
    private final PrincipalId principal = new PrincipalId(UUID.randomUUID());

    private Fleet(Engine engine, ArmId set, KeyId firstKey) {
        this.engine = engine;
        this.set = set;
        this.firstKey = firstKey;
    }

    static Fleet create(Engine engine, String name, int vms) {
        Fleet fleet = new Fleet(engine, id(DiskEncryptionSet.TYPE, name), engine.vault.create());
        fleet.insertSet();
        SetKey.Customer setKey = engine.setKeys.ensure(fleet.set, fleet.firstKey, fleet.principal);
        try (SetKeyCipher cipher = engine.setKeys.open(setKey, fleet.principal)) {
            for (int from = 0; from < vms; from += AT_ONCE) {
                fleet.insertVms(name, from, Math.min(vms, from + AT_ONCE), cipher);
            }
        }
        return fleet;
    }

    ArmId set() {
        return set;
    }

    PrincipalId principal() {
        return principal;
    }

    private void insertSet() {
        var made = new DiskEncryptionSet(
                head(set),
                firstKey,
                Optional.empty(),
                new SetIdentity.SystemAssigned(principal),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        engine.database.run(
                tx -> require(engine.stores.diskSets().insert(tx, made).hit()));
    }

    private void insertVms(String name, int from, int to, SetKeyCipher cipher) {
        ArtifactId first =
                engine.database.write(tx -> engine.stores.artifacts().reserveIds(tx, (to - from) * ARTIFACTS_OF_A_VM));
        List<ConfidentialVm> vms = new ArrayList<>();
        List<Disk> disks = new ArrayList<>();
        List<Artifact> artifacts = new ArrayList<>();
        long next = first.value();
        for (int i = from; i < to; i++) {
            ConfidentialVm vm = vm(name + "-vm" + i);
            Disk os = disk(vm, vm.id().name() + "_os", true);
            Disk data = disk(vm, vm.id().name() + "_data", false);
            vms.add(vm);
            disks.add(os);
            disks.add(data);
            artifacts.add(artifact(next++, ArtifactKind.GUEST_STATE, vm, Optional.empty(), cipher));
            artifacts.add(artifact(next++, ArtifactKind.OS_DISK, vm, Optional.of(os), cipher));
            artifacts.add(artifact(next++, ArtifactKind.DATA_DISK, vm, Optional.of(data), cipher));
        }
        engine.database.run(tx -> insert(tx, vms, disks, artifacts));
    }

    private void insert(Tx tx, List<ConfidentialVm> vms, List<Disk> disks, List<Artifact> artifacts) {
        vms.forEach(vm -> require(engine.stores.vms().insert(tx, vm).hit()));
        disks.forEach(disk -> require(engine.stores.disks().insert(tx, disk).hit()));
        engine.stores.artifacts().insert(tx, artifacts);
        vms.forEach(vm -> engine.machines.define(tx, vm.vmId()));
        Map<ArmId, UUID> ids = new java.util.HashMap<>();
        vms.forEach(vm -> ids.put(vm.id(), vm.vmId()));
        disks.forEach(disk -> ids.put(disk.id(), ids.get(disk.vm().orElseThrow())));
        engine.machines.insert(
                tx,
                artifacts.stream()
                        .map(a -> new SimulatedMachines.Image(
                                a.id(), a.kind(), Optional.ofNullable(ids.get(a.owner())), PLACEHOLDER))
                        .toList());
    }

    private ConfidentialVm vm(String name) {
        return new ConfidentialVm(
                head(id(ConfidentialVm.TYPE, name)),
                UUID.randomUUID(),
                Hardware.PLAIN,
                SecurityEncryption.DISK_WITH_VM_GUEST_STATE,
                Optional.of(set),
                Engine.HOST,
                false,
                PowerState.DEALLOCATED,
                engine.clock.instant(),
                Optional.empty());
    }

    private Disk disk(ConfidentialVm vm, String name, boolean os) {
        Optional<Integer> lun = os ? Optional.empty() : Optional.of(0);
        return new Disk(
                head(id(Disk.TYPE, name)),
                UUID.randomUUID(),
                os,
                32,
                Optional.of(set),
                Engine.HOST,
                Optional.of(vm.id()),
                lun,
                true,
                Optional.empty());
    }

    private Artifact artifact(
            long number, ArtifactKind kind, ConfidentialVm vm, Optional<Disk> disk, SetKeyCipher cipher) {
        ArtifactId id = new ArtifactId(number);
        try (SecretBytes dataKey = SetKeyCipher.newDataKey(engine.random)) {
            return new Artifact(
                    id,
                    kind,
                    disk.map(Disk::id).orElse(vm.id()),
                    Optional.of(set),
                    Engine.HOST,
                    cipher.seal(id, Optional.of(set), dataKey),
                    1);
        }
    }

    private Resource head(ArmId id) {
        return Resource.created(
                id, CountingVault.LOCATION, Map.of(), "{}", ProvisioningState.SUCCEEDED, engine.clock.instant());
    }

    private static ArmId id(String type, String name) {
        return new ArmId("00000000-0000-0000-0000-0000000be9c4", "bench", type, name);
    }

    private static void require(boolean inserted) {
        if (!inserted) {
            throw new IllegalStateException("the fleet is there already");
        }
    }
}
