package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.HostFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists what is in a host's storage. Of vTPM states only those of VMs that have a directory in the storage, because
 * libvirt keeps those of others at the same place.
 */
final class StoredFiles {
    private static final String ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
    private static final Pattern DISK = Pattern.compile(ID + "\\.luks(\\.part)?");
    private static final Pattern VARIABLES = Pattern.compile("vars\\.luks(\\.part)?");
    private static final Pattern CONSOLE = Pattern.compile("console\\.log(\\.[0-9]+)?");

    private final Storage storage;
    private final List<HostFile> found = new ArrayList<>();

    private StoredFiles(Storage storage) {
        this.storage = storage;
    }

    static List<HostFile> in(Storage storage) throws IOException {
        StoredFiles files = new StoredFiles(storage);
        files.disks();
        files.vms();
        return List.copyOf(files.found);
    }

    private void disks() throws IOException {
        for (Path file : entries(storage.root().resolve("disks"))) {
            Matcher disk = DISK.matcher(name(file));
            if (disk.matches()) {
                add(file, kind(disk.group(2) != null, HostFile.Kind.DISK), Optional.of(UUID.fromString(disk.group(1))));
            } else {
                add(file, HostFile.Kind.UNKNOWN, Optional.empty());
            }
        }
    }

    private void vms() throws IOException {
        for (Path directory : entries(storage.root().resolve("vms"))) {
            if (!name(directory).matches(ID) || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                add(directory, HostFile.Kind.UNKNOWN, Optional.empty());
                continue;
            }
            UUID vm = UUID.fromString(name(directory));
            int before = found.size();
            for (Path file : entries(directory)) {
                Matcher variables = VARIABLES.matcher(name(file));
                if (variables.matches()) {
                    add(file, kind(variables.group(1) != null, HostFile.Kind.GUEST_STATE), Optional.of(vm));
                } else if (!CONSOLE.matcher(name(file)).matches()) {
                    add(file, HostFile.Kind.UNKNOWN, Optional.empty());
                }
            }
            Path tpm = storage.tpm(vm);
            add(tpm, HostFile.Kind.GUEST_STATE, Optional.of(vm));
            add(tpm.resolveSibling("part"), HostFile.Kind.UNFINISHED, Optional.of(vm));
            if (found.size() == before) { // no image, but the machine
                add(directory, HostFile.Kind.GUEST_STATE, Optional.of(vm));
            }
        }
    }

    private static HostFile.Kind kind(boolean part, HostFile.Kind whole) {
        return part ? HostFile.Kind.UNFINISHED : whole;
    }

    /** Nothing where it is not there, or not any more. */
    private void add(Path file, HostFile.Kind kind, Optional<UUID> owner) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            found.add(new HostFile(
                    file.toString(),
                    kind,
                    owner,
                    is.isRegularFile() ? is.size() : 0,
                    is.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return entries;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
