package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyChanges;
import dev.keyturn.core.key.KeyService;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.power.StoppedVm;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.core.rotation.StoppedVms;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.server.portal.frame.Count;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vms.VmAct;
import dev.keyturn.server.portal.vms.VmNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How the last rotation of a set ended, and what is to be done with the key version that it left. */
final class KeyResults {
    private static final int KEPT = 200;
    private static final int SETS = 200;
    /** How many VMs are named in commands that start them, or with what went wrong. */
    private static final int NAMED = 20;

    private final SetDesk desk;

    KeyResults(SetDesk desk) {
        this.desk = desk;
    }

    /** The latest rotation of the set, with what it could not update. */
    Optional<Account> latest(Call call, DiskEncryptionSet set) {
        return desk.services().rotations().history(call, set.id(), 1).stream()
                .findFirst()
                .flatMap(a -> desk.services()
                        .rotations()
                        .find(call, set.id(), a.rotation().id(), KEPT));
    }

    /** What a page says of a rotation that has ended. */
    KeyPage.Result of(Visitor visitor, Census census, Account account, RotationLine line) {
        KeyId to = account.rotation().to();
        long under = census.entries().stream()
                .filter(e -> same(e.key(), to))
                .mapToLong(Census.Entry::total)
                .sum();
        List<KeyPage.Kept> kept = account.failures().stream()
                .map(ImageProblem::reason)
                .map(KeyResults::kept)
                .toList();
        boolean done = line.succeeded();
        return new KeyPage.Result(
                line,
                under + " of " + census.total() + " artifacts are under "
                        + line.to().label() + ".",
                kept,
                Math.max(0, line.failed() - kept.size()),
                desk.may(visitor, Action.DISK_SET_VERIFY, Scope.of(census.set().id())),
                ran(visitor, census.set()),
                done && !same(account.rotation().from(), to)
                        ? Optional.of(old(visitor, account.rotation().from(), line.from()))
                        : Optional.empty());
    }

    private Optional<KeyPage.Ran> ran(Visitor visitor, DiskEncryptionSet set) {
        StoppedVms.Found found = desk.services().stoppedVms().of(visitor.call(), set.id(), VmAct.MOST);
        if (found.all() == 0) {
            return Optional.empty();
        }
        List<String> others = new ArrayList<>();
        if (found.moving() > 0) {
            others.add(Count.of(found.moving(), "is", "are") + " being started or stopped now.");
        }
        if (found.ranOn() > 0) {
            others.add(Count.of(found.ranOn(), "did not stop, and runs.", "did not stop, and run."));
        }
        if (found.started() > 0) {
            others.add(Count.of(found.started(), "was started", "were started") + " since, and "
                    + (found.started() == 1 ? "is" : "are") + " left as "
                    + (found.started() == 1 ? "it is." : "they are."));
        }
        if (found.gone() > 0) {
            others.add(Count.of(found.gone(), "is", "are") + " no more.");
        }
        KeyPage.Offer off = offer(visitor, found.off());
        return Optional.of(new KeyPage.Ran(
                off,
                offer(visitor, found.earlier()),
                off.vms().isPresent()
                        ? found.off().first().stream()
                                .limit(NAMED)
                                .map(StoppedVm::vm)
                                .toList()
                        : List.of(),
                Stream.of(found.off(), found.earlier())
                        .flatMap(o -> o.first().stream())
                        .flatMap(vm -> vm.fault().stream()
                                .map(fault -> new KeyPage.Kept(vm.vm().name(), Links.vm(vm.vm()), fault.message())))
                        .limit(NAMED)
                        .toList(),
                others));
    }

    private KeyPage.Offer offer(Visitor visitor, StoppedVms.Off off) {
        List<ArmId> first = off.first().stream().map(StoppedVm::vm).toList();
        List<Scope> groups =
                first.stream().map(vm -> Scope.of(vm.group())).distinct().toList();
        boolean may = !first.isEmpty() && desk.rights().mayAtOne(visitor.call(), Action.VM_START, groups);
        return new KeyPage.Offer(off.all(), may ? Optional.of(VmNames.many(first)) : Optional.empty(), first.size());
    }

    /** Disables a key version that nothing is under, as the person; refused where the label is not the version's. */
    void disable(Visitor visitor, KeyId key, String typed) {
        Vault vault = desk.requireVault(key);
        KeyService.InUse use = keys().inUse(visitor.call(), vault, key.name(), key.version());
        String label = KeyLook.of(key).version();
        if (!typed.strip().equalsIgnoreCase(label)) {
            throw DomainError.invalid(
                            "label",
                            "Nothing was disabled: the label that was typed is not that of the version, which is "
                                    + label + ".")
                    .asException();
        }
        needed(visitor, key, use).ifPresent(why -> {
            throw DomainError.notAllowed("Nothing was disabled: " + why).asException();
        });
        keys().update(
                        visitor.call(),
                        vault,
                        key.name(),
                        Optional.of(key.version()),
                        new KeyChanges(
                                Optional.empty(),
                                new AttributeChanges(
                                        Optional.of(false), Optional.empty(), Optional.empty(), Optional.empty()),
                                Optional.empty(),
                                Optional.empty()));
    }

    private KeyPage.Old old(Visitor visitor, KeyId key, KeyLook look) {
        Optional<Vault> vault = desk.vault(key);
        if (vault.isEmpty()) {
            return new KeyPage.Old(look, false, "Its vault, " + key.vault() + ", is not there any more.");
        }
        if (!desk.may(visitor, vault.get(), KeyPermission.GET, key.name())) {
            return new KeyPage.Old(look, false, "You may not see whether anything still needs it.");
        }
        try {
            KeyService.InUse use = keys().inUse(visitor.call(), vault.get(), key.name(), key.version());
            if (!use.version().attributes().enabled()) {
                return new KeyPage.Old(look, false, "It is disabled.");
            }
            Optional<String> needed = needed(visitor, key, use);
            if (needed.isPresent()) {
                return new KeyPage.Old(look, false, needed.get());
            }
            if (!desk.may(visitor, vault.get(), KeyPermission.UPDATE, key.name())) {
                return new KeyPage.Old(
                        look, false, "Nothing needs it any more. You may not disable it; whoever may change it can.");
            }
            return new KeyPage.Old(
                    look,
                    true,
                    "Nothing is under it any more, in any set. Disabled, it opens nothing: a copy of a disk made before"
                            + " this change stays closed until it is enabled again.");
        } catch (DomainException e) {
            return new KeyPage.Old(look, false, e.error().info().message());
        }
    }

    /** Why it must not be disabled; empty where nothing needs it. */
    private Optional<String> needed(Visitor visitor, KeyId key, KeyService.InUse use) {
        if (use.used()) {
            return Optional.of("artifacts are still under it, in this set or in another one.");
        }
        String subscription = desk.subscription().id();
        if (!desk.may(visitor, Action.DISK_SET_READ, Scope.subscription(subscription))) {
            return Optional.of("you may not see whether it is the active key of another set. Who may read the disk"
                    + " encryption sets of the subscription can.");
        }
        Optional<String> after = Optional.empty();
        while (true) {
            var some = desk.services().sets().page(visitor.call(), subscription, Optional.empty(), after, SETS);
            Optional<String> found = some.stream()
                    .filter(s -> same(s.set().activeKey(), key))
                    .map(s -> "it is the active key of set " + s.set().id().name() + ".")
                    .findFirst();
            if (found.isPresent() || some.size() < SETS) {
                return found;
            }
            after = Optional.of(some.getLast().set().id().key());
        }
    }

    /** Whether it is one key version, whatever domain the server had when each URL was written. */
    private static boolean same(KeyId one, KeyId other) {
        return one.referenceInAnyDomain().equals(other.referenceInAnyDomain());
    }

    private KeyService keys() {
        return desk.services().keys().keys();
    }

    static KeyPage.Kept kept(ErrorInfo reason) {
        String target = reason.target().orElse("");
        return new KeyPage.Kept(
                target.substring(target.lastIndexOf('/') + 1),
                ArmId.parse(target).map(Links::resource).orElse(""),
                reason.message());
    }
}
