package dev.keyturn.server.portal.overview;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.fleet.FleetLook;
import dev.keyturn.core.fleet.FleetWatch.Machines;
import dev.keyturn.core.fleet.FleetWatch.WatchedKey;
import dev.keyturn.core.fleet.FleetWatch.WatchedSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.server.portal.frame.Count;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.overview.OverviewPage.Moment;
import dev.keyturn.server.portal.overview.OverviewPage.Name;
import dev.keyturn.server.portal.overview.OverviewPage.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What VMs and keys need, of those that the caller may read. */
record FleetNeeds(FleetLook look, Rights rights, String subscription, Call call) {
    /** When Azure's vaults tell of it too (event {@code KeyNearExpiry}). */
    static final Duration SOON = Duration.ofDays(30);

    private static final int NAMED = 20;
    private static final String NO_ACCESS = "KeyVaultAccessForbidden";

    Optional<Need> faults() {
        Machines faulty = look.faulty(NAMED);
        if (faulty.some().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> all = list("state=fault");
        return Optional.of(new Need(
                "error",
                Count.of(faulty.total(), "VM has a fault", "VMs have a fault"),
                "The last start, stop or run did not end well: a crash, or a key that could not be used.",
                Optional.empty(),
                vms(faulty),
                faulty.total() - faulty.some().size(),
                all,
                all.orElseGet(() -> Links.vm(faulty.some().getFirst())),
                "Show"));
    }

    /** The list of VMs, for whom it is shown. */
    private Optional<String> list(String filter) {
        return rights.may(call, Action.VM_READ, Scope.subscription(subscription))
                ? Optional.of(Links.VMS + "?" + filter)
                : Optional.empty();
    }

    /** One for each key version that the set cannot unwrap with, with the VMs that do not start without it. */
    List<Need> lostKeys(WatchedSet watched) {
        return watched.keys().stream()
                .flatMap(key -> key.lost().map(why -> lost(watched, key, why)).stream())
                .toList();
    }

    private Need lost(WatchedSet watched, WatchedKey key, ErrorInfo why) {
        DiskEncryptionSet set = watched.census().set();
        boolean unused = key.artifacts() == 0;
        Machines without = unused ? Machines.NONE : look.needing(watched, key, NAMED);
        boolean access = why.code().equals(NO_ACCESS);
        return new Need(
                unused ? "warning" : "error",
                set.id().name(),
                "cannot use its key " + KeyLook.of(key.key()).label() + ", which " + words(why.code()) + ". "
                        + (unused
                                ? key.next() ? "The rotation to it may fail." : "Nothing can be made in it."
                                : "What is under it does not start, and VMs that run are shut down."),
                set.keyLostAt().map(at -> new Moment("Noticed", at)),
                vms(without),
                without.total() - without.some().size(),
                list("set="
                        + Links.part(set.id().resourceGroup() + "/" + set.id().name())),
                access ? Links.set(set.id()) : Links.vaultKey(key.key()),
                access ? "Show set" : "Show key");
    }

    private static String words(String code) {
        return switch (code) {
            case "KeyVaultKeyNotFound" -> "does not exist or is deleted";
            case "KeyVaultKeyNotEnabled" -> "is disabled";
            case NO_ACCESS -> "is not open to its identity";
            default -> "may not unwrap any more";
        };
    }

    private record Expiry(Instant at, List<WatchedSet> active, List<WatchedSet> others) {}

    /** Key versions that sets need and that expire soon or have expired, the first one first. */
    List<Need> expiring(List<WatchedSet> sets, Instant now) {
        Map<KeyId, Expiry> found = new LinkedHashMap<>();
        for (WatchedSet set : sets) {
            for (WatchedKey key : set.keys()) {
                key.expires().filter(at -> at.isBefore(now.plus(SOON))).ifPresent(at -> {
                    Expiry expiry =
                            found.computeIfAbsent(key.key(), _ -> new Expiry(at, new ArrayList<>(), new ArrayList<>()));
                    (key.next() || key.key().equals(set.census().set().activeKey()) ? expiry.active() : expiry.others())
                            .add(set);
                });
            }
        }
        return found.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getValue().at()))
                .map(e -> expiring(e.getKey(), e.getValue(), now))
                .toList();
    }

    private Need expiring(KeyId key, Expiry expiry, Instant now) {
        List<WatchedSet> all = new ArrayList<>(expiry.active());
        all.addAll(expiry.others());
        List<ArmId> sets = all.stream().map(s -> s.census().set().id()).toList();
        boolean ended = !now.isBefore(expiry.at());
        boolean active = !expiry.active().isEmpty();
        ArmId first = sets.getFirst();
        boolean mayChange = rights.may(call, Action.DISK_SET_WRITE, Scope.of(first));
        return new Need(
                ended && active ? "error" : "warning",
                KeyLook.of(key).label(),
                Remaining.words(expiry.at(), now) + ": " + Count.of(sets.size(), "set") + vms(sets)
                        + ". What is under it opens all the same"
                        + (!active
                                ? "."
                                : ended ? "; nothing new can be made." : "; from then on nothing new can be made."),
                Optional.of(new Moment(ended ? "Expired" : "Expires", expiry.at())),
                sets.stream()
                        .limit(NAMED)
                        .map(s -> new Name(s.name(), Links.set(s)))
                        .toList(),
                Math.max(0, sets.size() - NAMED),
                Optional.of(Links.vaultKey(key)),
                mayChange ? Links.key(first) : Links.set(first),
                mayChange ? (active ? "New version and plan" : "Finish") : "Show set");
    }

    /** Empty for who may read no VM: 0 would be said of a set that has some. */
    private String vms(List<ArmId> sets) {
        OptionalLong vms = look.count(sets);
        return vms.isEmpty()
                ? ""
                : ", " + Count.of(vms.getAsLong(), "VM") + (look.everyVm() ? "" : " that you may read");
    }

    private static List<Name> vms(Machines machines) {
        return machines.some().stream()
                .map(vm -> new Name(vm.name(), Links.vm(vm)))
                .toList();
    }
}
