package dev.keyturn.host;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Fence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A VM with its artifacts and their data keys, as the server would know them. */
public record Fixture(UUID vm, HostArtifact guestState, HostArtifact osDisk, HostArtifact dataDisk) {
    private static final AtomicLong IDS = new AtomicLong(System.nanoTime() & 0xFFFFFFFL);
    private static final AtomicLong FENCES = new AtomicLong(System.currentTimeMillis());
    private static final SecureRandom RANDOM = new SecureRandom();

    public static Fixture vm1() {
        UUID vm = UUID.randomUUID();
        return new Fixture(
                vm,
                artifact(ArtifactKind.GUEST_STATE, Optional.of(vm)),
                artifact(ArtifactKind.OS_DISK, Optional.of(vm)),
                artifact(ArtifactKind.DATA_DISK, Optional.of(vm)));
    }

    /** The same VM with the same keys in every process that says the same number. */
    public static Fixture seeded(UUID vm) {
        return new Fixture(
                vm,
                seeded(1, vm, ArtifactKind.GUEST_STATE, Optional.empty()),
                seeded(2, vm, ArtifactKind.OS_DISK, Optional.empty()),
                seeded(3, vm, ArtifactKind.DATA_DISK, Optional.of(0)));
    }

    private static HostArtifact seeded(long id, UUID vm, ArtifactKind kind, Optional<Integer> lun) {
        byte[] seed = (vm + kind.wire()).getBytes(StandardCharsets.UTF_8);
        Optional<UUID> disk =
                kind == ArtifactKind.GUEST_STATE ? Optional.empty() : Optional.of(UUID.nameUUIDFromBytes(seed));
        try {
            byte[] key = MessageDigest.getInstance("SHA-256").digest(seed);
            return new HostArtifact(
                    new ArtifactImage(new ArtifactId(id), kind, Optional.of(vm), disk, lun, made(disk)),
                    SecretBytes.adopt(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static HostArtifact artifact(ArtifactKind kind, Optional<UUID> vm) {
        Optional<UUID> disk = kind == ArtifactKind.GUEST_STATE ? Optional.empty() : Optional.of(UUID.randomUUID());
        long id = IDS.incrementAndGet();
        Optional<Integer> lun = kind == ArtifactKind.DATA_DISK ? Optional.of((int) (id % 64)) : Optional.empty();
        ArtifactImage image = new ArtifactImage(new ArtifactId(id), kind, vm, disk, lun, made(disk));
        return new HostArtifact(image, key());
    }

    private static Optional<ArtifactImage.Made> made(Optional<UUID> disk) {
        return disk.map(_ -> new ArtifactImage.Made(1, false));
    }

    /** Of a claim later than all before, also those of another process. */
    public static Fence fence() {
        return new Fence(FENCES.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis())));
    }

    public static SecretBytes key() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return SecretBytes.adopt(bytes);
    }

    /** The same image with a data key that it was not made with. */
    public static HostArtifact wrongKey(HostArtifact artifact) {
        return new HostArtifact(artifact.image(), key());
    }

    public Machine machine() {
        return new Machine(vm, "vm-" + vm.toString().substring(0, 8), Hardware.PLAIN);
    }

    public List<HostArtifact> all() {
        return List.of(guestState, osDisk, dataDisk);
    }

    /** As they are made, blank. */
    public List<NewImage> fresh() {
        return fresh(all());
    }

    public static List<NewImage> fresh(List<HostArtifact> artifacts) {
        return artifacts.stream()
                .map(a -> new NewImage(a, a.image().kind() == ArtifactKind.GUEST_STATE ? 0 : 1, Optional.empty()))
                .toList();
    }

    public List<ArtifactImage> images() {
        return all().stream().map(HostArtifact::image).toList();
    }

    /** The disk as it is called once it is attached to no VM. */
    public static ArtifactImage detached(ArtifactImage disk) {
        return new ArtifactImage(
                disk.artifact(), disk.kind(), Optional.empty(), disk.diskId(), Optional.empty(), disk.made());
    }

    /** The disk at a lun that the machine has free: ids, and with them luns, are chance. */
    public static ArtifactImage beside(Fixture machine, ArtifactImage disk) {
        int taken = machine.dataDisk().image().lun().orElseThrow();
        return new ArtifactImage(
                disk.artifact(),
                disk.kind(),
                Optional.of(machine.vm()),
                disk.diskId(),
                Optional.of((taken + 1) % 64),
                disk.made());
    }

    public static ArtifactId id(HostArtifact artifact) {
        return artifact.image().artifact();
    }
}
