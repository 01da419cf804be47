package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.demo.Narrator.Cell;
import dev.keyturn.cli.demo.Narrator.Table;
import dev.keyturn.cli.demo.Narrator.Tone;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import tools.jackson.databind.node.ObjectNode;

/** The encrypted files that the VMs consist of, in the storage directory of the demo's own server on this machine. */
final class ImageFiles {
    private static final Path VTPMS = Path.of("/var/lib/libvirt/swtpm");
    private static final List<String> KINDS = List.of("OS disk", "data disk", "UEFI variables", "vTPM state");

    private final Path storage;
    private final Estate estate;
    private final Fleet fleet;

    ImageFiles(Path storage, Estate estate, Fleet fleet) {
        this.storage = storage;
        this.estate = estate;
        this.fleet = fleet;
    }

    /** A file that another program has to itself. */
    record Held(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() {
            try (channel) {
                lock.release();
            } catch (IOException e) {
                throw CliException.failed("the lock on an image file cannot be given back: " + e.getMessage(), e);
            }
        }
    }

    /** Locks the image of a disk, as QEMU, a backup program or a copy does that has it open. */
    Held hold(String disk) {
        Path file = file(estate.diskId(disk));
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw CliException.failed(file + " is in use by another program");
            }
            return new Held(channel, lock);
        } catch (IOException e) {
            throw CliException.failed("the image " + file + " cannot be locked: " + e.getMessage(), e);
        }
    }

    /** The SHA-256 of every file of every VM, in hex. */
    Map<String, Map<String, String>> checksums(IntConsumer percent) {
        Map<String, Map<String, String>> found = new ConcurrentHashMap<>();
        fleet.together(percent, vm -> found.put(vm, checksums(vm)));
        Map<String, Map<String, String>> ordered = new LinkedHashMap<>();
        fleet.vms().forEach(vm -> ordered.put(vm, found.getOrDefault(vm, Map.of())));
        return ordered;
    }

    private Map<String, String> checksums(String vm) {
        UUID id = estate.vmId(vm);
        List<Path> files = List.of(
                file(estate.diskId(Cast.osDisk(vm))),
                file(estate.diskId(Cast.dataDisk(vm))),
                storage.resolve("vms").resolve(id.toString()).resolve("vars.luks"),
                vtpm(id).resolve("tpm2").resolve("tpm2-00.permall"));
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            all.put(KINDS.get(i), sha256(files.get(i)));
        }
        return all;
    }

    private Path file(UUID disk) {
        return storage.resolve("disks").resolve(disk + ".luks");
    }

    /** Where libvirt keeps the state of a VM's vTPM. */
    static Path vtpm(UUID vm) {
        return VTPMS.resolve(vm.toString());
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] some = new byte[1 << 20];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                digest.update(some, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw CliException.failed("the image " + file + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static int count(Map<String, Map<String, String>> checksums) {
        return checksums.values().stream().mapToInt(Map::size).sum();
    }

    static Table table(Map<String, Map<String, String>> checksums) {
        List<String> head = new ArrayList<>(List.of("VM"));
        head.addAll(KINDS);
        List<List<Cell>> rows = new ArrayList<>();
        checksums.forEach((vm, sums) -> {
            List<Cell> row = new ArrayList<>(List.of(new Cell(vm, Tone.PLAIN)));
            sums.values().forEach(sum -> row.add(new Cell(Versions.head(sum), Tone.PLAIN)));
            rows.add(row);
        });
        return new Table(head, rows);
    }

    static ObjectNode facts(Map<String, Map<String, String>> checksums) {
        ObjectNode out = Json.object();
        checksums.forEach((vm, sums) -> {
            ObjectNode files = out.putObject(vm);
            sums.forEach(files::put);
        });
        return out;
    }
}
