package dev.keyturn.server;

import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.Hosts;
import dev.keyturn.core.vm.VmHost;
import dev.keyturn.host.StoredNames;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.libvirt.HostUnusableException;
import dev.keyturn.host.libvirt.LibvirtHost;
import dev.keyturn.host.libvirt.LibvirtSettings;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.store.SqlStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The hosts of a running server. Closing it lets go of them; their machines run on. */
final class HostPool implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Hosts hosts;
    private final Optional<SimulatedHost> simulated;
    private final List<LibvirtHost> real;

    private HostPool(Hosts hosts, Optional<SimulatedHost> simulated, List<LibvirtHost> real) {
        this.hosts = hosts;
        this.simulated = simulated;
        this.real = real;
    }

    /** @throws StartupException with everything that is wrong with any of them */
    static HostPool open(
            ServerConfig config, UUID installation, Transactions transactions, SqlStores stores, Faults faults)
            throws StartupException {
        List<VmHost> all = new ArrayList<>();
        List<LibvirtHost> real = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Optional<SimulatedHost> simulated = Optional.empty();
        for (HostSpec spec : config.hosts()) {
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
                        LibvirtSettings settings = settings(l, config, installation);
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
            throw new StartupException(problems);
        }
        return new HostPool(new Hosts(all), simulated, real);
    }

    private static LibvirtSettings settings(HostSpec.Libvirt spec, ServerConfig config, UUID installation)
            throws HostUnusableException {
        LibvirtSettings.MemoryEncryption memory = config.requireConfidentialHardware()
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
                new ImagesDirectory(config.images()),
                installation,
                spec.accelerator(),
                memory,
                spec.vcpus(),
                spec.memoryMib(),
                spec.network(),
                spec.uefiVariables(),
                PATIENCE);
    }

    Hosts hosts() {
        return hosts;
    }

    Optional<SimulatedHost> simulated() {
        return simulated;
    }

    @Override
    public void close() {
        real.forEach(LibvirtHost::close);
    }
}
