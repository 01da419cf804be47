package dev.keyturn.node;

import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.host.StoredNames;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.libvirt.HostUnusableException;
import dev.keyturn.host.libvirt.LibvirtHost;
import dev.keyturn.host.libvirt.LibvirtSettings;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.store.SqlStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The hosts of a node, opened from what its operator says of them. Closing it lets go of them; their machines run on. */
public final class HostPool implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<VmHost> hosts;
    private final Optional<SimulatedHost> simulated;
    private final List<LibvirtHost> real;

    private HostPool(List<VmHost> hosts, Optional<SimulatedHost> simulated, List<LibvirtHost> real) {
        this.hosts = hosts;
        this.simulated = simulated;
        this.real = real;
    }

    /**
     * @param hosts at least one
     * @param images where the operator's image files are
     * @param requireConfidentialHardware whether VMs on hosts that cannot encrypt their memory are refused to start
     */
    public record Wanted(List<HostSpec> hosts, Path images, boolean requireConfidentialHardware) {
        public Wanted {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * @param installation marks the machines of this installation at a hypervisor that others use too
     * @throws HostUnusableException with everything that is wrong with any of them; none is open then
     */
    public static HostPool open(
            Wanted wanted, UUID installation, Transactions transactions, SqlStores stores, Faults faults)
            throws HostUnusableException {
        List<VmHost> all = new ArrayList<>();
        List<LibvirtHost> real = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Optional<SimulatedHost> simulated = Optional.empty();
        for (HostSpec spec : wanted.hosts()) {
            switch (spec) {
                case HostSpec.Simulated s -> {
                    SimulatedHost host = new SimulatedHost(
                            s.name(),
                            PATIENCE,
                            transactions,
                            new SqlSimulatedMachines(),
                            faults,
                            stores.vms(),
                            stores.artifacts());
                    simulated = Optional.of(host);
                    all.add(host);
                }
                case HostSpec.Libvirt l -> {
                    try {
                        LibvirtSettings settings = settings(l, wanted, installation);
                        boolean vms = transactions.read(tx -> stores.vms().countOn(tx, l.name())) > 0;
                        if (vms && !LibvirtHost.used(settings.storage())) {
                            problems.add("Host '" + l.name() + "' has VMs, but the storage directory "
                                    + settings.storage() + " has none of its files. Is it mounted?");
                            continue;
                        }
                        LibvirtHost host = LibvirtHost.open(
                                settings, transactions, new StoredNames(stores.vms(), stores.artifacts()));
                        real.add(host);
                        all.add(host);
                    } catch (HostUnusableException e) {
                        problems.addAll(e.problems());
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            real.forEach(LibvirtHost::close);
            throw new HostUnusableException(problems);
        }
        return new HostPool(List.copyOf(all), simulated, real);
    }

    private static LibvirtSettings settings(HostSpec.Libvirt spec, Wanted wanted, UUID installation)
            throws HostUnusableException {
        LibvirtSettings.MemoryEncryption memory = wanted.requireConfidentialHardware()
                ? LibvirtSettings.MemoryEncryption.REQUIRED
                : spec.memoryEncryption()
                        ? LibvirtSettings.MemoryEncryption.WHERE_OFFERED
                        : LibvirtSettings.MemoryEncryption.OFF;
        return new LibvirtSettings(
                spec.name(),
                spec.uri(),
                spec.storage().isPresent()
                        ? spec.storage().get()
                        : LibvirtHost.poolDirectory(spec.uri(), spec.pool().orElseThrow(), spec.name()),
                new ImagesDirectory(wanted.images()),
                installation,
                spec.accelerator(),
                memory,
                spec.vcpus(),
                spec.memoryMib(),
                spec.network(),
                spec.uefiVariables(),
                PATIENCE);
    }

    public List<VmHost> hosts() {
        return hosts;
    }

    /** Those that one node alone may serve: what they keep is where they are, and not in the store. */
    public List<VmHost> exclusive() {
        return List.copyOf(real);
    }

    /** The host on which nothing real runs, where there is one. */
    public Optional<SimulatedHost> simulated() {
        return simulated;
    }

    @Override
    public void close() {
        real.forEach(LibvirtHost::close);
    }
}
