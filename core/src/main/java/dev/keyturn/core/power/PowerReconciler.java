package dev.keyturn.core.power;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.PowerTable;
import dev.keyturn.core.vm.VmStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is recorded of VMs' power in line with what their hosts say: a shutdown inside the guest, a machine that
 * died with its host, one that was started behind the server's back. VMs that an operation is at work on are left to
 * it. A VM found stopped keeps as its fault what its host says of a disorderly end. To be run at start-up, before
 * requests are taken, whenever a host tells of a change, and from time to time; several nodes may run it at once.
 * Thread-safe.
 */
public final class PowerReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(PowerReconciler.class);
    private static final int PAGE = 1_000;

    private final PowerParts parts;
    // What the log was told already: runs may be a second apart.
    private final Set<String> silentNow = ConcurrentHashMap.newKeySet();
    private final Set<UUID> strangers = ConcurrentHashMap.newKeySet();

    public PowerReconciler(PowerParts parts) {
        this.parts = parts;
    }

    /** What one run changed. {@code silent} are the hosts that did not answer, about which nothing is known. */
    public record Report(int foundStopped, int foundRunning, List<String> silent) {
        public Report {
            silent = List.copyOf(silent);
        }
    }

    /** Every host of this node's own, one after the other; those of others are looked after there. */
    public Report runOnce(Instant now) {
        int stopped = 0;
        int running = 0;
        List<String> silent = new ArrayList<>();
        for (VmHost host : parts.hosts().own()) {
            Report one = runOnce(host, now);
            stopped += one.foundStopped();
            running += one.foundRunning();
            silent.addAll(one.silent());
        }
        return new Report(stopped, running, silent);
    }

    /** The VMs of one host. */
    public Report runOnce(VmHost host, Instant now) {
        String name = host.info().name();
        // Rows first, then the host: a VM that is started in between is not taken for one that died, because its row is
        // no longer the one that was read.
        Map<UUID, ConfidentialVm> believed = believed(name);
        int stopped = 0;
        int running = 0;
        try {
            Set<UUID> active = host.active();
            stopped = died(host, believed, active, now);
            running = unexpected(host, believed, active, now);
        } catch (DomainException e) {
            if (silentNow.add(name)) {
                LOG.warn("host '{}' does not say which VMs run: {}", name, e.getMessage());
            }
            return new Report(stopped, running, List.of(name));
        }
        if (silentNow.remove(name)) {
            LOG.info("host '{}' says again which VMs run", name);
        }
        return new Report(stopped, running, List.of());
    }

    private Map<UUID, ConfidentialVm> believed(String host) {
        Map<UUID, ConfidentialVm> all = new HashMap<>();
        Optional<String> after = Optional.empty();
        while (true) {
            Optional<String> from = after;
            List<ConfidentialVm> page =
                    parts.transactions().read(tx -> parts.vms().notStopped(tx, host, from, PAGE));
            page.forEach(vm -> all.put(vm.vmId(), vm));
            if (page.size() < PAGE) {
                return all;
            }
            after = Optional.of(page.getLast().id().key());
        }
    }

    private int died(VmHost host, Map<UUID, ConfidentialVm> believed, Set<UUID> active, Instant now) {
        int moved = 0;
        for (ConfidentialVm vm : believed.values()) {
            boolean suspect = vm.power() == PowerState.RUNNING && !active.contains(vm.vmId());
            if (!suspect || runs(host, vm.vmId())) {
                continue;
            }
            Optional<ErrorInfo> crash = crash(host, vm);
            if (move(vm, PowerEvent.HOST_SAYS_STOPPED, now, crash)) {
                String why = crash.map(c -> ": " + c.message()).orElse("");
                LOG.info("VM '{}' stopped by itself{}", vm.id(), why);
                moved++;
            }
        }
        return moved;
    }

    private int unexpected(VmHost host, Map<UUID, ConfidentialVm> believed, Set<UUID> active, Instant now) {
        int moved = 0;
        for (UUID id : active) {
            if (believed.containsKey(id)) {
                continue;
            }
            Optional<ConfidentialVm> vm =
                    parts.transactions().read(tx -> parts.vms().findByVmId(tx, id));
            if (vm.isEmpty()) {
                if (strangers.add(id)) {
                    LOG.warn(
                            "host '{}' runs the machine {}, which is no VM of this server",
                            host.info().name(),
                            id);
                }
            } else if (vm.get().power().stopped()
                    && runs(host, id)
                    && move(vm.get(), PowerEvent.HOST_SAYS_RUNNING, now, Optional.empty())) {
                LOG.warn("VM '{}' was started without this server", vm.get().id());
                moved++;
            }
        }
        return moved;
    }

    private static boolean runs(VmHost host, UUID vmId) {
        return host.power(vmId).filter(p -> p == PowerState.RUNNING).isPresent();
    }

    /** A host that says that a machine stopped but not why is believed all the same. */
    private static Optional<ErrorInfo> crash(VmHost host, ConfidentialVm vm) {
        try {
            return host.crash(vm.vmId());
        } catch (DomainException e) {
            LOG.warn("host '{}' does not say why VM '{}' stopped: {}", vm.host(), vm.id(), e.getMessage());
            return Optional.empty();
        }
    }

    /** False where the VM is not as it was read any more, or an operation is at work on it. */
    private boolean move(ConfidentialVm read, PowerEvent event, Instant now, Optional<ErrorInfo> fault) {
        return parts.transactions().write(tx -> {
            Optional<ConfidentialVm> present = parts.vms().find(tx, read.id());
            return present.isPresent() && untouched(tx, read, present.get()) && moved(tx, read, event, now, fault);
        });
    }

    private boolean untouched(Tx tx, ConfidentialVm read, ConfidentialVm present) {
        return present.vmId().equals(read.vmId())
                && present.power() == read.power()
                && present.powerSince().equals(read.powerSince())
                && present.head().revision() == read.head().revision()
                && parts.operations().running(tx, read.id()).isEmpty();
    }

    private boolean moved(Tx tx, ConfidentialVm vm, PowerEvent event, Instant now, Optional<ErrorInfo> fault) {
        PowerState next = PowerTable.require(vm.id(), vm.power(), event);
        boolean hit = parts.vms()
                .movePower(tx, vm.id(), Set.of(vm.power()), next, now, fault)
                .hit();
        if (hit) {
            fault.ifPresent(why -> parts.vms().crashed(tx, vm.id(), new VmStore.Crash(now, why)));
        }
        return hit;
    }
}
