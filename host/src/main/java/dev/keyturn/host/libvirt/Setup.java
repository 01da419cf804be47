package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a host needs on this machine, found or made before the first VM; everything that is wrong is said at once. Nothing
 * in the storage directory is changed before it is locked; whoever closes the host unlocks it.
 */
record Setup(Storage storage, StorageLock lock, VtpmStates vtpms, Fences fences) {
    private static final List<String> TOOLS =
            List.of("qemu-img", "cryptsetup", "swtpm", "swtpm_setup", "virsh", "setpriv");
    private static final Path SYSTEM_TPMS = Path.of("/var/lib/libvirt/swtpm");

    private static final String OWNER = "keyturn-owner";
    /** Whom libvirt runs swtpm as, unless its configuration says otherwise. */
    private static final String SWTPM_USER = "tss";

    static Setup of(LibvirtSettings settings) throws HostUnusableException {
        List<String> problems = new ArrayList<>();
        elsewhere(settings, problems);
        tools(settings, problems);
        Storage storage = new Storage(settings.storage().toAbsolutePath(), tpms(settings));
        Path scratch = settings.storage().toAbsolutePath().resolve("scratch");
        VtpmStates vtpms = new VtpmStates(scratch, settings.system() ? Optional.of(SWTPM_USER) : Optional.empty());
        Optional<StorageLock> lock = Optional.empty();
        Optional<Fences> fences = Optional.empty();
        try {
            storage.prepare();
            closed(settings, problems);
            lock = locked(settings, problems);
            if (problems.isEmpty() && owns(settings, problems)) {
                Storage.deleteTree(scratch);
                Files.createDirectories(scratch);
                Files.setPosixFilePermissions(scratch, Storage.PASSABLE);
                VtpmStates.endLeft(storage.vms().stream().map(storage::tpm).toList());
                for (UUID vm : storage.vms()) {
                    vtpms.takeBack(storage.tpm(vm));
                }
                fences = Optional.of(Fences.open(storage.root()));
            }
        } catch (IOException e) {
            problems.add("Host '" + settings.name() + "': the storage directory " + settings.storage()
                    + " cannot be used: " + Reason.of(e) + ".");
        }
        reachable(settings, problems);
        writable(settings, problems);
        if (!problems.isEmpty()) {
            lock.ifPresent(StorageLock::close);
            throw new HostUnusableException(problems);
        }
        return new Setup(storage, lock.orElseThrow(), vtpms, fences.orElseThrow());
    }

    /** A directory of another installation is refused as that, whoever is at work in it. */
    private static Optional<StorageLock> locked(LibvirtSettings settings, List<String> problems) throws IOException {
        return switch (StorageLock.take(settings.storage())) {
            case StorageLock.Taken.Ours ours -> Optional.of(ours.lock());
            case StorageLock.Taken.Theirs theirs -> {
                String owner = used(settings.storage()) ? owner(settings) : "";
                if (!owner.isEmpty() && !owner.equals(me(settings))) {
                    problems.add(foreign(settings, owner));
                } else {
                    problems.add("Host '" + settings.name() + "': the storage directory " + settings.storage()
                            + " is in use by another process"
                            + theirs.process().map(pid -> " (" + pid + ")").orElse("")
                            + ". Two servers must not run VMs from one directory: stop that one, or choose another with"
                            + " storage=DIR.");
                }
                yield Optional.empty();
            }
        };
    }

    private static void tools(LibvirtSettings settings, List<String> problems) {
        List<Path> path = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .map(Path::of)
                .toList();
        List<String> missing = TOOLS.stream()
                .filter(t -> path.stream().noneMatch(p -> Files.isExecutable(p.resolve(t))))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("A libvirt host needs programs that are not on the PATH: " + String.join(", ", missing)
                    + ". On Debian: apt-get install qemu-system-x86 qemu-utils libvirt-daemon-system libvirt-clients swtpm"
                    + " swtpm-tools ovmf cryptsetup-bin util-linux.");
        }
        for (Path file : List.of(Firmware.PLAIN, Firmware.SECURE, settings.uefiVariables())) {
            if (!Files.exists(file)) {
                problems.add("A libvirt host needs the firmware file " + file + ". On Debian: apt-get install ovmf.");
            }
        }
    }

    /** Where this libvirt keeps vTPM states: below the user's own configuration for a session. */
    private static Path tpms(LibvirtSettings settings) {
        if (settings.system()) {
            return SYSTEM_TPMS;
        }
        Path config = Optional.ofNullable(System.getenv("XDG_CONFIG_HOME"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config"));
        return config.resolve("libvirt/qemu/swtpm");
    }

    /** Whoever may write in the directory could put another image in the place of one, or a link to any file. */
    private static void closed(LibvirtSettings settings, List<String> problems) throws IOException {
        for (String part : List.of("", "disks", "vms")) {
            Path directory = settings.storage().toAbsolutePath().resolve(part);
            if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
                problems.add("Host '" + settings.name() + "': everybody on this machine can write in " + directory
                        + ", where the VMs' images are. Take that away: chmod o-w " + directory + ".");
            }
        }
    }

    /** A storage directory belongs to one host of one installation, for good. */
    private static boolean owns(LibvirtSettings settings, List<String> problems) throws IOException {
        Path file = settings.storage().resolve(OWNER);
        String me = me(settings);
        try {
            Files.writeString(file, me + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            Storage.sync(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            String owner = owner(settings);
            if (owner.isEmpty()) { // a first start was killed before it had written
                Files.writeString(file, me + "\n", StandardCharsets.UTF_8);
                return true;
            }
            if (!owner.equals(me)) {
                problems.add(foreign(settings, owner));
            }
            return owner.equals(me);
        }
    }

    private static String me(LibvirtSettings settings) {
        return settings.installation() + " " + settings.name();
    }

    private static String owner(LibvirtSettings settings) throws IOException {
        return Files.readString(settings.storage().resolve(OWNER), StandardCharsets.UTF_8)
                .strip();
    }

    private static String foreign(LibvirtSettings settings, String owner) {
        return "Host '" + settings.name() + "': the storage directory " + settings.storage()
                + " belongs to another installation or host (" + owner + ", this is " + me(settings)
                + "). Two servers must not run VMs from one directory: choose another with storage=DIR.";
    }

    /** Whether a host was set up in the directory before. */
    static boolean used(Path storage) {
        return Files.exists(storage.resolve(OWNER));
    }

    /** vTPM states are where libvirt runs; those of another machine could be neither made nor proven from here. */
    private static void elsewhere(LibvirtSettings settings, List<String> problems) {
        String host = settings.uri().getHost();
        if (host != null && !host.isEmpty()) {
            problems.add(
                    "Host '" + settings.name() + "': " + settings.uri() + " is libvirt on another machine, whose vTPM"
                            + " states can be neither made nor proven from here. Run a server on that machine.");
        }
    }

    private static void writable(LibvirtSettings settings, List<String> problems) {
        Path tpms = tpms(settings);
        Path there = tpms;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isWritable(there)) {
            problems.add("Host '" + settings.name() + "': vTPM states cannot be made below " + tpms + ", because this"
                    + " process may not write to " + there + ". Run the server as root.");
        }
    }

    /** The system's libvirt runs QEMU as a user of its own, who must be able to pass through to the images. */
    private static void reachable(LibvirtSettings settings, List<String> problems) {
        if (!settings.system()) {
            return;
        }
        for (Path at = settings.storage().toAbsolutePath(); at != null; at = at.getParent()) {
            try {
                Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(at);
                if (!allowed.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    problems.add(
                            "Host '" + settings.name() + "': libvirt's QEMU, which runs as a user of its own, cannot"
                                    + " pass through " + at + " to the storage directory " + settings.storage()
                                    + ". Choose another with storage=DIR, or allow it: chmod o+x " + at + ".");
                }
            } catch (IOException e) {
                problems.add("Host '" + settings.name() + "': " + Reason.of(e) + ".");
            }
        }
    }
}
