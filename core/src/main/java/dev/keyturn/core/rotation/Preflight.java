package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.ConfidentialKeyRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.KeyWarnings;
import dev.keyturn.core.envelope.CustomerKeys;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Finds all reasons against a rotation at once, and changes nothing. Thread-safe. */
final class Preflight {
    /** So many VMs on a host that does not answer are named. */
    private static final int NAMED = 20;

    private static final int PAGE = 1_000;

    private final Transactions transactions;
    private final VmStore vms;
    private final DiskStore disks;
    private final ArtifactStore artifacts;
    private final SetKeyStore setKeyStore;
    private final SetKeys setKeys;
    private final CustomerKeys vault;
    private final Hosts hosts;
    private final Clock clock;

    Preflight(
            Transactions transactions,
            VmStore vms,
            DiskStore disks,
            ArtifactStore artifacts,
            SetKeyStore setKeyStore,
            SetKeys setKeys,
            CustomerKeys vault,
            Hosts hosts,
            Clock clock) {
        this.transactions = transactions;
        this.vms = vms;
        this.disks = disks;
        this.artifacts = artifacts;
        this.setKeyStore = setKeyStore;
        this.setKeys = setKeys;
        this.vault = vault;
        this.hosts = hosts;
        this.clock = clock;
    }

    /** Everything against rotating {@code set}, as it would be after the update, to {@code target}. */
    List<Blocker> blockers(DiskEncryptionSet set, KeyId target) {
        List<Blocker> all = new ArrayList<>(transactions.read(tx -> recorded(tx, set)));
        all.addAll(onHosts(set));
        all.addAll(targetKey(set, target));
        all.addAll(sourceKeys(set, target));
        return all;
    }

    /** The half that the store alone can tell; asked again in the transaction that begins the rotation. */
    List<Blocker> recorded(Tx tx, DiskEncryptionSet set) {
        List<Blocker> all = new ArrayList<>();
        if (set.rotation().isPresent() || set.head().state().busy()) {
            all.add(new Blocker.SetBusy(set.id(), set.head().state().wire(), set.rotation()));
        }
        for (ConfidentialVm vm : vms.blocking(tx, set.id())) {
            ProvisioningState state = vm.head().state();
            if (vm.ephemeral()) {
                all.add(new Blocker.EphemeralVm(vm.id()));
            } else if (!vm.power().stopped()) {
                all.add(new Blocker.VmNotStopped(vm.id(), vm.power(), false, vm.host()));
            } else if (state.busy()) {
                all.add(new Blocker.VmBusy(vm.id(), state.wire()));
            }
        }
        disks.busy(tx, set.id())
                .forEach(d ->
                        all.add(new Blocker.DiskBusy(d.id(), d.head().state().wire())));
        return all;
    }

    /** The hosts' own word: what runs although it is recorded as stopped. */
    private List<Blocker> onHosts(DiskEncryptionSet set) {
        List<Blocker> all = new ArrayList<>();
        for (String name : transactions.read(tx -> artifacts.hosts(tx, set.id()))) {
            Set<UUID> active;
            try {
                VmHost host = hosts.named(name);
                active = host.active();
            } catch (DomainException e) {
                all.add(new Blocker.HostUnreachable(
                        name,
                        ErrorInfo.at(
                                name,
                                "HostUnreachable",
                                "Host '" + name + "' has " + transactions.read(tx -> named(tx, set, name))
                                        + " of the set and cannot say whether they are stopped: "
                                        + e.error().info().message())));
                continue;
            }
            all.addAll(transactions.read(tx -> active.stream()
                    .flatMap(id -> vms.findByVmId(tx, id).stream())
                    .filter(vm -> vm.set().filter(set.id()::equals).isPresent())
                    .filter(vm -> vm.power().stopped() && !vm.ephemeral())
                    .<Blocker>map(vm -> new Blocker.VmNotStopped(vm.id(), vm.power(), true, name))
                    .toList()));
        }
        return all;
    }

    /** The set's VMs there by name, of many the first, so that a person knows whom to look after (R3). */
    private String named(Tx tx, DiskEncryptionSet set, String host) {
        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.empty();
        while (names.size() <= NAMED) {
            List<ConfidentialVm> page = vms.ofSet(tx, set.id(), after, PAGE);
            page.stream()
                    .filter(vm -> vm.host().equals(host))
                    .map(vm -> "'" + vm.id().name() + "'")
                    .forEach(names::add);
            if (page.size() < PAGE) {
                break;
            }
            after = Optional.of(page.getLast().id().key());
        }
        if (names.isEmpty()) {
            return "disks";
        }
        boolean more = names.size() > NAMED;
        return (names.size() == 1 ? "VM " : "VMs ")
                + String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (more ? " and others" : "");
    }

    private List<Blocker> targetKey(DiskEncryptionSet set, KeyId target) {
        var facts = vault.facts(set.principal(), target);
        return ConfidentialKeyRules.problems(target, facts, set.head().location(), clock.instant()).stream()
                .<Blocker>map(p -> new Blocker.TargetUnusable(target, p))
                .toList();
    }

    /** Tries, with one vault call each, whether what is to be re-wrapped can be unwrapped. */
    private List<Blocker> sourceKeys(DiskEncryptionSet set, KeyId target) {
        List<Blocker> all = new ArrayList<>();
        for (SetKey.Customer source : transactions.read(tx -> setKeyStore.inUse(tx, set.id()))) {
            if (source.key().equals(target)) {
                continue;
            }
            unopenable(source, set.principal())
                    .ifPresent(why -> all.add(new Blocker.SourceUnusable(source.key(), why)));
        }
        return all;
    }

    /**
     * Tries, with one vault call, whether the principal can unwrap the set key; the reason where it cannot.
     *
     * @throws DomainException {@code Unavailable} where that cannot be said now
     */
    Optional<ErrorInfo> unopenable(SetKey.Customer source, PrincipalId as) {
        try {
            setKeys.open(source, as).close();
            return Optional.empty();
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Unavailable) {
                throw e; // nothing is known of the key
            }
            return Optional.of(ErrorInfo.at(
                    source.key().url(),
                    e.error().info().code(),
                    "Artifacts of the set are under key '" + source.key().url() + "', which cannot be unwrapped with: "
                            + e.error().info().message()));
        }
    }

    List<ErrorInfo> warnings(DiskEncryptionSet set, KeyId target) {
        return KeyWarnings.of(target, vault.facts(set.principal(), target));
    }

    /** The refusal that lists every blocker (R3: names every CVM, not just the first). */
    static DomainError.Conflict refusal(DiskEncryptionSet set, KeyId target, List<Blocker> blockers) {
        long running =
                blockers.stream().filter(b -> b instanceof Blocker.VmNotStopped).count();
        String hint = running == 0
                ? ""
                : " " + running + (running == 1 ? " VM is" : " VMs are") + " not stopped ("
                        + String.join(
                                ", ",
                                blockers.stream()
                                        .filter(b -> b instanceof Blocker.VmNotStopped)
                                        .map(b ->
                                                ((Blocker.VmNotStopped) b).vm().name())
                                        .toList())
                        + ").";
        return DomainError.notAllowed(
                "The key of disk encryption set '" + set.id().name() + "' cannot be changed to '" + target.url()
                        + "' now; nothing was changed." + hint + " See details for all " + blockers.size()
                        + (blockers.size() == 1 ? " reason." : " reasons."),
                blockers.stream().map(Blocker::info).toList());
    }
}
