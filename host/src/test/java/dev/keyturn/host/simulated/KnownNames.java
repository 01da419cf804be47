package dev.keyturn.host.simulated;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import dev.keyturn.host.Fixture;
import dev.keyturn.host.Names;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names that a test gave. */
final class KnownNames implements Names {
    private final Map<UUID, ConfidentialVm> vms = new ConcurrentHashMap<>();
    private final Map<ArtifactId, HeldArtifact> artifacts = new ConcurrentHashMap<>();

    static ArmId vmId(String name) {
        return new ArmId("sub", "rg", ConfidentialVm.TYPE, name);
    }

    void name(Fixture vm, String name) {
        Resource head =
                Resource.created(vmId(name), "westeurope", Map.of(), "{}", ProvisioningState.SUCCEEDED, Instant.EPOCH);
        vms.put(
                vm.vm(),
                new ConfidentialVm(
                        head,
                        vm.vm(),
                        Hardware.PLAIN,
                        SecurityEncryption.DISK_WITH_VM_GUEST_STATE,
                        Optional.empty(),
                        "sim",
                        false,
                        PowerState.STOPPED,
                        Instant.EPOCH,
                        Optional.empty()));
        add(Fixture.id(vm.guestState()), ArtifactKind.GUEST_STATE, name, Optional.empty());
        add(Fixture.id(vm.osDisk()), ArtifactKind.OS_DISK, name, Optional.of(name + "_os"));
        add(Fixture.id(vm.dataDisk()), ArtifactKind.DATA_DISK, name, Optional.of(name + "_data"));
    }

    private void add(ArtifactId id, ArtifactKind kind, String vm, Optional<String> disk) {
        Envelope envelope = new Envelope(new SetKeyId(new UUID(0, 0)), new byte[12], new byte[48], new byte[16]);
        ArmId owner = disk.map(d -> new ArmId("sub", "rg", Disk.TYPE, d)).orElseGet(() -> vmId(vm));
        Artifact artifact = new Artifact(id, kind, owner, Optional.empty(), "sim", envelope, 1);
        artifacts.put(id, new HeldArtifact(artifact, Optional.of(vmId(vm))));
    }

    @Override
    public Optional<ConfidentialVm> vm(Tx tx, UUID vmId) {
        return Optional.ofNullable(vms.get(vmId));
    }

    @Override
    public Map<ArtifactId, HeldArtifact> artifacts(Tx tx, Collection<ArtifactId> ids) {
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(artifacts.get(id)).stream())
                .collect(Collectors.toMap(h -> h.artifact().id(), Function.identity()));
    }
}
