package dev.keyturn.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** This machine's libvirt, and what real guests need beside it. */
public final class Libvirt {
    static final String URI = "qemu:///system";
    /** Trusts OVMF's public test keys, by which the test guest is signed. */
    static final Path UEFI_VARIABLES = Path.of("/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd");

    /** The directory that holds the launcher, the test guest's sources and the lists of packages. */
    public static final String HOME_PROPERTY = "keyturn.home";

    private static final Path VTPMS = Path.of("/var/lib/libvirt/swtpm");
    private static final List<String> PROGRAMS =
            List.of("virsh", "qemu-system-x86_64", "qemu-img", "swtpm", "swtpm_setup", "swtpm_ioctl", "cryptsetup");
    private static final Duration LOOK = Duration.ofSeconds(20);

    private Libvirt() {}

    /** Where Keyturn's own files are; empty where it was not started by its launcher. */
    public static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty(HOME_PROPERTY))
                .map(Path::of)
                .filter(Files::isDirectory);
    }

    /** What keeps real guests from running here, a clause for each; empty where nothing does. Changes nothing. */
    public static List<String> obstacles() {
        List<String> all = new ArrayList<>();
        List<String> missing = PROGRAMS.stream().filter(p -> !onPath(p)).toList();
        if (!missing.isEmpty()) {
            all.add("these programs are not installed: " + String.join(", ", missing));
        }
        if (!Files.isReadable(UEFI_VARIABLES)) {
            all.add("there is no firmware " + UEFI_VARIABLES);
        }
        Optional<Path> builder = home().map(h -> h.resolve("guest/build-image"));
        if (builder.isEmpty()) {
            all.add("the test guest's sources are not here (start the demo as ./keyturn demo)");
        } else {
            Ran check = run(LOOK, builder.get().toString(), "--check");
            if (check.status() != 0) {
                all.add("the test guest cannot be built: " + check.said());
            }
        }
        if (onPath("virsh")) {
            if (run(LOOK, "virsh", "-c", URI, "version").status() != 0) {
                all.add("no libvirt answers at " + URI);
            } else if (!Files.isWritable(VTPMS)) {
                all.add("this user may not write to " + VTPMS + ", where libvirt has vTPMs (run the demo as root)");
            }
        }
        return all;
    }

    private static boolean onPath(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .anyMatch(p -> Files.isExecutable(Path.of(p, program)));
    }

    /** {@code said} is the last line of what it printed, in short. */
    record Ran(int status, String said) {}

    /** A program that does not end in time is ended, with all that it started. */
    static Ran run(Duration limit, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var _ = process.onExit()
                    .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(_ -> end(process));
            String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            return new Ran(status, all.substring(all.lastIndexOf('\n') + 1));
        } catch (IOException e) {
            return new Ran(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ran(127, "interrupted");
        }
    }

    private static Process end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        return process.destroyForcibly();
    }
}
