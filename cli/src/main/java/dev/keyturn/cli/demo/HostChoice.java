package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the demo's VMs run on, and why.
 *
 * @param why ends the sentence that begins with "because"
 */
public record HostChoice(HostKind kind, String why, int vms) {
    private static final String INSTALL = "install and start what is missing with: ./keyturn demo --install";

    /** What a person asked for. {@code runningServer}: the demo is not to start one of its own. */
    public record Asked(Optional<String> host, Optional<Integer> vms, boolean runningServer) {}

    /**
     * Libvirt where it can be used, unless something else was asked for.
     *
     * @param obstacles says what keeps libvirt from being used here, a line each; asked only where it matters
     * @throws CliException naming all that is wrong with what was asked for, or what libvirt lacks where it was asked for
     */
    public static HostChoice of(Asked asked, Supplier<List<String>> obstacles) {
        List<String> wrong = new ArrayList<>();
        Optional<HostKind> wanted = asked.host().flatMap(h -> kind(h, wrong));
        int most = wanted.orElse(HostKind.SIMULATED).mostVms();
        asked.vms()
                .filter(n -> n < 1 || n > most)
                .ifPresent(n -> wrong.add("--vms must be between 1 and " + most
                        + wanted.map(k -> " on --host " + k).orElse("") + ", not " + n));
        if (wanted.filter(k -> k == HostKind.LIBVIRT).isPresent() && asked.runningServer()) {
            wrong.add(
                    "--host libvirt needs a server of the demo's own, whose files it may read: leave out --client-env");
        }
        if (!wrong.isEmpty()) {
            throw new CliException(CliException.USAGE, wrong);
        }
        HostChoice choice = wanted.map(k -> asked(k, obstacles)).orElseGet(() -> found(asked, obstacles));
        return new HostChoice(choice.kind(), choice.why(), asked.vms().orElse(choice.vms()));
    }

    private static Optional<HostKind> kind(String text, List<String> wrong) {
        for (HostKind kind : HostKind.values()) {
            if (kind.toString().equals(text)) {
                return Optional.of(kind);
            }
        }
        wrong.add("--host must be simulated or libvirt, not '" + text + "'");
        return Optional.empty();
    }

    private static HostChoice asked(HostKind kind, Supplier<List<String>> obstacles) {
        if (kind == HostKind.LIBVIRT) {
            List<String> lacking = obstacles.get();
            if (!lacking.isEmpty()) {
                List<String> lines = new ArrayList<>();
                lacking.forEach(l -> lines.add("--host libvirt: " + l));
                lines.add(INSTALL);
                throw new CliException(CliException.USAGE, lines);
            }
        }
        return of(kind, "it was asked for");
    }

    private static HostChoice found(Asked asked, Supplier<List<String>> obstacles) {
        if (asked.runningServer()) {
            return of(HostKind.SIMULATED, "that is the demo for a server that runs already");
        }
        if (asked.vms().filter(n -> n > HostKind.LIBVIRT.mostVms()).isPresent()) {
            return of(
                    HostKind.SIMULATED,
                    "--vms " + asked.vms().get() + " is more than the " + HostKind.LIBVIRT.mostVms()
                            + " real guests that libvirt is given");
        }
        List<String> lacking = obstacles.get();
        return lacking.isEmpty()
                ? of(
                        HostKind.LIBVIRT,
                        "libvirt answers at " + Libvirt.URI + " (without real machines: --host simulated)")
                : of(HostKind.SIMULATED, String.join("; ", lacking) + " (" + INSTALL + ")");
    }

    private static HostChoice of(HostKind kind, String why) {
        return new HostChoice(kind, why, kind.usualVms());
    }

    /** One line for whoever watches. */
    String line() {
        return "host: " + kind + ", because " + why;
    }
}
