package dev.keyturn.core.power;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.vm.ConfidentialVm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kill switch for VMs that run: where a key version that a running VM's artifacts are under is disabled, deleted or
 * not open to the set's identity any more, the VM is shut down once that has lasted for the grace. An expired key does
 * not stop anything. A vault that does not answer is no lost key. To be run from time to time; several nodes may run it
 * at once. Thread-safe.
 */
public final class KeyAccessMonitor {
    /** Azure's. */
    public static final Duration DEFAULT_GRACE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(KeyAccessMonitor.class);
    private static final Call WHO =
            Call.server(new Caller(Call.SERVER.principal(), "key access monitor"), new UUID(0, 0));

    private final PowerParts parts;
    private final Duration grace;
    private final PowerService power;
    private final ServerTime time;

    /**
     * @param grace how long running VMs outlive their key; zero or more
     * @param time what the grace is counted by: a clock that jumps does not end it
     */
    public KeyAccessMonitor(PowerParts parts, PowerService power, Duration grace, ServerTime time) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("the grace of the kill switch must not be negative: " + grace);
        }
        this.parts = parts;
        this.time = time;
        this.grace = grace;
        this.power = power;
    }

    /** How long running VMs outlive their key. */
    public Duration grace() {
        return grace;
    }

    /** What one run found: sets whose key is lost for a running VM, and VMs whose shutdown it began. */
    public record Report(int setsWithoutKey, int shutDown) {}

    public Report runOnce(Instant now) {
        int lost = 0;
        int stopped = 0;
        for (ArmId id : parts.transactions().read(parts.sets()::withRunningVms)) {
            Optional<DiskEncryptionSet> set =
                    parts.transactions().read(tx -> parts.sets().find(tx, id));
            if (set.isEmpty() || set.get().rotation().isPresent()) {
                continue;
            }
            try {
                Map<ConfidentialVm, ErrorInfo> without = runningWithout(set.get());
                note(set.get(), !without.isEmpty(), now);
                if (!without.isEmpty()) {
                    lost++;
                    stopped += shutDown(set.get(), without, now);
                }
            } catch (DomainException e) {
                LOG.warn("whether '{}' still has its key cannot be said now: {}", id, e.getMessage());
            }
        }
        return new Report(lost, stopped);
    }

    /** Running VMs of the set with an artifact under a lost key, and what became of the key. */
    private Map<ConfidentialVm, ErrorInfo> runningWithout(DiskEncryptionSet set) {
        Map<KeyId, ErrorInfo> lost = new HashMap<>();
        List<KeyId> inUse = parts.transactions()
                .read(tx -> parts.keys().setKeyStore().inUse(tx, set.id()).stream()
                        .map(SetKey.Customer::key)
                        .toList());
        for (KeyId key : inUse) {
            parts.gate().lost(set, key).ifPresent(p -> lost.put(key, p));
        }
        Map<ConfidentialVm, ErrorInfo> affected = new HashMap<>();
        if (lost.isEmpty()) {
            return affected;
        }
        List<ConfidentialVm> running =
                new ArrayList<>(parts.transactions().read(tx -> parts.vms().blocking(tx, set.id())));
        running.removeIf(vm -> vm.power() != PowerState.RUNNING);
        for (ConfidentialVm vm : running) {
            parts.transactions().read(tx -> parts.gate().keysOf(tx, vm.id())).stream()
                    .flatMap(k -> Optional.ofNullable(lost.get(k)).stream())
                    .findFirst()
                    .ifPresent(p -> affected.put(vm, p));
        }
        return affected;
    }

    private void note(DiskEncryptionSet set, boolean lost, Instant now) {
        if (lost == set.keyLostAt().isPresent()) {
            return;
        }
        Instant seen = time.seen();
        parts.transactions().run(tx -> {
            Optional<DiskEncryptionSet> present = parts.sets().find(tx, set.id());
            if (present.isEmpty()
                    || present.get().rotation().isPresent()
                    || present.get().keyLostAt().isPresent() == lost) {
                return;
            }
            if (lost) {
                KeyLoss.since(tx, parts, present.get(), now);
                parts.sets().keyLost(tx, set.id(), seen);
            } else {
                KeyLoss.clear(tx, parts, present.get());
            }
        });
        if (lost) {
            LOG.warn("'{}' cannot use its key; its running VMs are shut down in {}", set.id(), grace);
        } else {
            LOG.info("'{}' can use its key again", set.id());
        }
    }

    /** By the server's time; now, where an earlier version noticed it, which did not say so. */
    private Instant noticed(DiskEncryptionSet set, Instant seen) {
        Optional<Instant> noted = parts.transactions().read(tx -> parts.sets().keyLost(tx, set.id()));
        if (noted.isEmpty()) {
            parts.transactions().run(tx -> parts.sets().keyLost(tx, set.id(), seen));
        }
        return noted.orElse(seen);
    }

    private int shutDown(DiskEncryptionSet set, Map<ConfidentialVm, ErrorInfo> without, Instant now) {
        Instant since = set.keyLostAt().orElse(now);
        Instant seen = time.seen();
        if (seen.isBefore(noticed(set, seen).plus(grace))) {
            return 0;
        }
        int begun = 0;
        for (Map.Entry<ConfidentialVm, ErrorInfo> e : without.entrySet()) {
            ErrorInfo reason = ErrorInfo.of(
                    e.getValue().code(),
                    "The VM was shut down because its disk encryption set '"
                            + set.id().name() + "' could not use its key since " + since + ". "
                            + e.getValue().message());
            if (power.shutDown(WHO, e.getKey().id(), reason).isPresent()) {
                begun++;
            }
        }
        return begun;
    }
}
