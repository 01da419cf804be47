package dev.keyturn.store;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Domain objects of every kind, and rows made of them. Times are whole milliseconds, as the store keeps them. */
final class Samples {
    static final String SUBSCRIPTION = "6f2a0c7e-31de-4d7b-9c55-0f6f6f0f4a11";
    static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");

    private final SqlStores stores;
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    Samples(SqlStores stores) {
        this.stores = stores;
    }

    static ArmId id(String type, String name) {
        return new ArmId(SUBSCRIPTION, "Prod-RG", type, name);
    }

    static ArmId setId(String name) {
        return id(DiskEncryptionSet.TYPE, name);
    }

    static ArmId vmId(String name) {
        return id(ConfidentialVm.TYPE, name);
    }

    static ArmId diskId(String name) {
        return id(Disk.TYPE, name);
    }

    static Resource head(ArmId id) {
        return Resource.created(
                id, "westeurope", Map.of("team", "Ünïcode"), "{\"x\":1}", ProvisioningState.SUCCEEDED, NOW);
    }

    static KeyId key(String name, int version) {
        return new KeyId("kv1.vault.keyturn.test:8443", name, "%032x".formatted(version));
    }

    static DiskEncryptionSet set(String name) {
        return new DiskEncryptionSet(
                head(setId(name)),
                key("CMK", 1),
                Optional.of(id("Microsoft.KeyVault/vaults", "kv1")),
                new SetIdentity.SystemAssigned(new PrincipalId(UUID.randomUUID())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static ConfidentialVm vm(String name, Optional<ArmId> set, PowerState power) {
        return vm(head(vmId(name)), set, power, false);
    }

    static ConfidentialVm vm(Resource head, Optional<ArmId> set, PowerState power, boolean ephemeral) {
        return new ConfidentialVm(
                head,
                UUID.randomUUID(),
                new Hardware(Optional.of("Standard_DC4as_v5"), true),
                SecurityEncryption.DISK_WITH_VM_GUEST_STATE,
                set,
                "host-a",
                ephemeral,
                power,
                NOW,
                Optional.empty());
    }

    static Disk disk(String name, boolean os, Optional<ArmId> set, Optional<ArmId> vm, Optional<Integer> lun) {
        Optional<ImageFile> source =
                os ? Optional.of(new ImageFile("debian/12.qcow2", ImageFile.Format.QCOW2)) : Optional.empty();
        return new Disk(head(diskId(name)), UUID.randomUUID(), os, 30, set, "host-a", vm, lun, os, source);
    }

    static SetKey.Customer setKey(ArmId set, KeyId key) {
        return new SetKey.Customer(new SetKeyId(UUID.randomUUID()), set, key, new byte[] {1, 2, 3}, NOW);
    }

    static SetKey.Platform platformKey() {
        return new SetKey.Platform(new SetKeyId(UUID.randomUUID()), new byte[] {9}, NOW);
    }

    Envelope envelope(SetKeyId under, byte[] check) {
        return new Envelope(under, bytes(12), bytes(48), check);
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] check(long artifact) {
        return ByteBuffer.allocate(16).putLong(artifact).putLong(~artifact).array();
    }

    Artifact artifact(ArtifactId id, ArtifactKind kind, ArmId owner, Optional<ArmId> set, SetKeyId under) {
        return new Artifact(id, kind, owner, set, "host-a", envelope(under, check(id.value())), 1);
    }

    /** A set with its row and a set key for version 1 of its key. */
    SetKey.Customer insertSet(Tx tx, String name) {
        stores.diskSets().insert(tx, set(name)).require("a fresh row");
        SetKey.Customer setKey = setKey(setId(name), key("CMK", 1));
        stores.setKeys().insert(tx, setKey);
        return setKey;
    }

    /** A stopped VM with guest state and OS disk under the set key: rows of VM, disk and two artifacts. */
    List<Artifact> insertVm(Tx tx, String name, SetKey.Customer under) {
        Optional<ArmId> set = Optional.of(under.set());
        Optional<ArmId> vm = Optional.of(vmId(name));
        stores.vms().insert(tx, vm(name, set, PowerState.DEALLOCATED)).require("a fresh row");
        stores.disks()
                .insert(tx, disk(name + "_os", true, set, vm, Optional.empty()))
                .require("a fresh row");
        long first = stores.artifacts().reserveIds(tx, 2).value();
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(artifact(new ArtifactId(first), ArtifactKind.GUEST_STATE, vmId(name), set, under.id()));
        artifacts.add(artifact(new ArtifactId(first + 1), ArtifactKind.OS_DISK, diskId(name + "_os"), set, under.id()));
        stores.artifacts().insert(tx, artifacts);
        return artifacts;
    }
}
