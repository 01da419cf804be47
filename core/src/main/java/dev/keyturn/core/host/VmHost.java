package dev.keyturn.core.host;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A place where CVMs run: it has the encrypted images and the power state, and never stores a data key. Every call is
 * idempotent, because an operation may be run again after a kill; every call may block, so none is made inside a
 * transaction. A host that does not answer throws {@code Unavailable} within {@link #patience()}.
 *
 * <p>A call that changes something carries the number of the claim it is made under. The host keeps the highest that it
 * has taken for each VM and each image, and refuses a lower one with {@link LeaseLostException} before it changes
 * anything: the runner that made the call was asleep while its operation, or a later one, went on without it.
 *
 * <p>Thread-safe; calls for the same VM are made one at a time.
 */
public interface VmHost {
    /** What it is and can; without asking anybody. What it can stays the same while it is open. */
    HostInfo info();

    /** The longest that a call which asks a question ({@link #active}, {@link #refusals}) takes. */
    Duration patience();

    /**
     * Makes an encrypted image for each artifact that has none yet. The VM is not started. An image is there whole or
     * not at all, also after a kill.
     */
    void provision(Fence fence, Optional<UUID> vmId, Collection<NewImage> images, Progress progress);

    /**
     * Starts the VM with these artifacts and no others. Each must open with its data key. Those that are attached to no
     * VM become this one's; what was this VM's and is not among them is no VM's any more.
     *
     * @throws DomainException {@code Conflict} with a detail per artifact that does not open
     */
    void start(Fence fence, Machine machine, List<HostArtifact> artifacts);

    /** Asks the guest to shut down, pulls the plug after {@code limit}; zero pulls it at once. Gone means done. */
    void stop(Fence fence, UUID vmId, Duration limit);

    /**
     * Takes the number for the VM and the images and does nothing else: no order about any of them under a lower one does
     * anything from then on, not one that was given before and is still on its way.
     */
    void fence(Fence fence, Optional<UUID> vmId, Collection<ArtifactImage> images);

    /** No lower than any number it has taken: what a restored store must begin above. */
    Fence newestFence();

    /** The power state on the host; empty where it has never heard of the VM. Never a transitional state. */
    Optional<PowerState> power(UUID vmId);

    /** All VMs that are not stopped on this host now, in one call: what the host itself says, not what we believe. */
    Set<UUID> active();

    /**
     * Which of the images cannot get a new envelope now, and why: missing, in use, or refused by the host. One call
     * per batch; those not in the answer are fine.
     */
    List<ImageProblem> refusals(Collection<ArtifactImage> images);

    /** Proves that each image opens with its data key, without starting a VM (deep verification). */
    List<ImageProblem> prove(Collection<HostArtifact> artifacts);

    /** Moves a disk's image to a VM, or with empty to none. The VM is stopped. */
    void attach(Fence fence, ArtifactImage disk, Optional<UUID> vmId);

    /**
     * Gives a disk to a VM and to its machine, whose guest has it from then on; the image must open with its data key.
     * Where the machine has it already nothing happens. Where no machine runs (any more) this is {@link #attach}. Called where
     * {@link HostCapabilities#plugs}.
     *
     * @throws DomainException {@code Conflict} where the image does not open or is in use elsewhere, and where the
     *     machine does not take it; it does not have the disk then
     */
    void plug(Fence fence, UUID vmId, HostArtifact disk);

    /**
     * Takes a disk from a VM, and from its machine where that runs and has it. Gone means done, and then nothing has the
     * image open. A guest that does not let go is waited for no longer than half a minute.
     *
     * @throws DomainException {@code Conflict} where the machine keeps it
     */
    void unplug(Fence fence, UUID vmId, ArtifactImage disk);

    /** Deletes images. What is not there is deleted already. */
    void delete(Fence fence, Collection<ArtifactImage> images);

    /** Forgets the VM, which is stopped, after its guest state was deleted; disks it still had are no VM's any more. */
    void forget(Fence fence, UUID vmId);

    /** Why the VM is stopped, where that was no orderly end (its guest crashed); empty where the host knows of none. */
    Optional<ErrorInfo> crash(UUID vmId);

    /**
     * The newest {@code most} bytes, or fewer, that the guest wrote to its serial console since the VM was made; empty
     * where the host has no console of it.
     */
    Optional<byte[]> console(UUID vmId, int most);

    /** From now on tells of each VM that started or stopped, soon after. Calls come on a thread of the host's. */
    void watch(Consumer<UUID> changed);

    /** The files that it keeps for VMs and disks, and what else is among them; none where it has no files of its own. */
    default List<HostFile> files() {
        return List.of();
    }

    /** What a person wants to know of the VM beyond its state (accelerator, console), for the instance view. */
    Map<String, String> notes(UUID vmId);
}
