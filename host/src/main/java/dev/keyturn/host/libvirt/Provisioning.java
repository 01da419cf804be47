package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.ImageFiles;
import dev.keyturn.host.UnusableImageException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Makes images that are not there yet: LUKS containers, and a vTPM's state for a guest state. Thread-safe. */
final class Provisioning {
    private static final long GIB = 1L << 30;

    private final LibvirtSettings settings;
    private final Storage storage;
    private final VtpmStates vtpms;
    private final Map<Path, ReentrantLock> making = new ConcurrentHashMap<>();

    Provisioning(LibvirtSettings settings, Storage storage, VtpmStates vtpms) {
        this.settings = settings;
        this.storage = storage;
        this.vtpms = vtpms;
    }

    /** All of them at once; those that were made stay where another failed, for the next try. */
    void make(Collection<NewImage> images, Progress progress) {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (NewImage image : images) {
            HostArtifact artifact = image.artifact();
            ArtifactImage ref = artifact.image();
            if (ref.kind() == ArtifactKind.GUEST_STATE) {
                UUID vm = ref.vmId().orElseThrow();
                absent(storage.variables(vm), work, () -> variables(vm, artifact));
                absent(storage.tpm(vm).resolve(VtpmStates.FILE), work, () -> vtpm(vm, artifact));
            } else {
                Path disk = storage.disk(ref.diskId().orElseThrow());
                absent(disk, work, () -> disk(disk, image, progress));
            }
        }
        try {
            Parallel.run(work);
        } catch (ToolFailedException e) {
            throw new DomainError.Conflict(ErrorInfo.of(
                            "HostProvisioningFailed",
                            "The host '" + settings.name() + "' cannot make the images: " + e.getMessage()
                                    + ". Nothing half-made is left; what was asked for can be asked for again."))
                    .asException();
        }
    }

    /**
     * Two runs of one operation are possible, where a lease lapsed because the machine slept: the second waits for the
     * first and finds the image made.
     */
    private void absent(Path file, List<Callable<Boolean>> work, Runnable make) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            work.add(() -> {
                ReentrantLock lock = making.computeIfAbsent(file, _ -> new ReentrantLock());
                lock.lock();
                try {
                    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                        make.run();
                    }
                    return true;
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    private void disk(Path file, NewImage image, Progress progress) {
        Passphrases use =
                image.artifact().image().kind() == ArtifactKind.OS_DISK ? Passphrases.OS_DISK : Passphrases.DATA_DISK;
        long bytes = image.sizeGb() * GIB;
        try (SecretBytes passphrase = use.of(image.artifact().dataKey())) {
            if (image.source().isEmpty()) {
                LuksImages.make(file, bytes, passphrase, Optional.empty(), progress);
                return;
            }
            ImageFile from = image.source().get();
            try (ImageFiles.Opened opened = settings.images().open(from)) {
                if (opened.bytes() > bytes) {
                    throw new ToolFailedException("the disk in the image file '" + from.name() + "' has "
                            + opened.bytes() + " bytes now, and the disk to be filled " + bytes);
                }
                LuksImages.Source source = new LuksImages.Source(opened.path(), from.format(), () -> unchanged(opened));
                LuksImages.make(file, bytes, passphrase, Optional.of(source), progress);
            }
        } catch (UnusableImageException e) {
            throw refused(e);
        }
    }

    private static void unchanged(ImageFiles.Opened opened) {
        try {
            opened.unchanged();
        } catch (UnusableImageException e) {
            throw refused(e);
        }
    }

    /** A sentence, as a part of one. */
    private static ToolFailedException refused(UnusableImageException e) {
        String why = String.valueOf(e.getMessage());
        return new ToolFailedException(why.endsWith(".") ? why.substring(0, why.length() - 1) : why);
    }

    private void variables(UUID vm, HostArtifact artifact) {
        try (SecretBytes passphrase = Passphrases.UEFI_VARIABLES.of(artifact.dataKey())) {
            LuksImages.make(
                    storage.variables(vm),
                    Firmware.VARIABLES_SIZE,
                    passphrase,
                    Optional.of(new LuksImages.Source(settings.uefiVariables(), ImageFile.Format.RAW, () -> {})),
                    Progress.UNHEARD);
        }
    }

    private void vtpm(UUID vm, HostArtifact artifact) {
        try (SecretBytes passphrase = Passphrases.VTPM_STATE.of(artifact.dataKey())) {
            vtpms.make(storage.tpm(vm), passphrase);
        }
    }
}
