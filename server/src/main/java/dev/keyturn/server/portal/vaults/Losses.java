package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.fleet.KeyUseService.Machines;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.server.portal.ends.Loss;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up, as the person, what needs a key or one of its versions. */
final class Losses {
    private static final int NAMED = 20;
    private static final String ALLOWED = " Reader at the subscription allows it.";

    private final VaultDesk desk;

    Losses(VaultDesk desk) {
        this.desk = desk;
    }

    /** Whether the person may see which sets need a key. */
    boolean seesSets(Visitor visitor) {
        return desk.may(visitor, Action.DISK_SET_READ, desk.all());
    }

    /** What to tell who may not see which sets need a key of the vault. */
    Optional<String> unseen(Visitor visitor, Vault vault) {
        return seesSets(visitor) ? Optional.empty() : Optional.of(blind("keys of " + vault.name()));
    }

    /** The sets that need a version of the key; none where the person may not see them. */
    List<KeyUse> sets(Visitor visitor, KeyId key) {
        return seesSets(visitor)
                ? desk.services()
                        .keyUses()
                        .sets(visitor.call(), desk.subscription().id(), key)
                : List.of();
    }

    /** Why a key, or a vault, that is needed is not ended from a page. */
    static Optional<String> insisting(Loss loss) {
        if (loss.artifacts() > 0) {
            return Optional.of(
                    "Artifacts are under it. Change the key of the sets above first: what is under a key that"
                            + " is gone can never be opened again.");
        }
        return loss.coming()
                ? Optional.of("A set is being changed to it. Wait until that has ended, then give the set another key:"
                        + " what is under a key that is gone can never be opened again.")
                : Optional.empty();
    }

    /** @param key one version, the whole key where its version is empty, the whole vault where its name is empty too */
    Loss of(Visitor visitor, Vault vault, KeyId key) {
        String grace = words(desk.services().keyAccess().grace());
        if (!seesSets(visitor) || !desk.may(visitor, Action.VM_READ, desk.all())) {
            boolean used = key.version().isEmpty() || used(visitor, vault, key);
            return new Loss(used, false, false, 0, List.of(), 0, List.of(), 0, 0, grace, Optional.of(blind(key, used)));
        }
        List<KeyUse> uses = sets(visitor, key);
        List<Loss.SetNeed> sets = needs(uses);
        Machines machines = desk.services()
                .keyUses()
                .machines(visitor.call(), desk.subscription().id(), key, NAMED);
        return new Loss(
                !uses.isEmpty(),
                uses.stream().anyMatch(KeyUse::active),
                uses.stream().anyMatch(KeyUse::coming),
                uses.stream().mapToLong(KeyUse::artifacts).sum(),
                sets.stream().limit(NAMED).toList(),
                Math.max(0, sets.size() - NAMED),
                machines.some().stream()
                        .map(vm -> new Loss.VmNeed(
                                vm.id().name(), Links.vm(vm.id()), vm.power().wire()))
                        .toList(),
                machines.counts().total(),
                machines.counts().of(PowerState.RUNNING),
                grace,
                Optional.empty());
    }

    /** Each set once, whichever versions it has artifacts under. */
    private static List<Loss.SetNeed> needs(List<KeyUse> uses) {
        Map<ArmId, Loss.SetNeed> all = new LinkedHashMap<>();
        for (KeyUse use : uses) {
            all.merge(
                    use.set(),
                    new Loss.SetNeed(
                            use.set().name(), Links.set(use.set()), use.active(), use.coming(), use.artifacts()),
                    (a, b) -> new Loss.SetNeed(
                            a.name(),
                            a.href(),
                            a.active() || b.active(),
                            a.coming() || b.coming(),
                            a.artifacts() + b.artifacts()));
        }
        return List.copyOf(all.values());
    }

    private boolean used(Visitor visitor, Vault vault, KeyId key) {
        return !desk.may(visitor, vault, KeyPermission.GET, Optional.of(key.name()))
                || desk.services()
                        .keys()
                        .keys()
                        .inUse(visitor.call(), vault, key.name(), key.version())
                        .used();
    }

    private static String blind(KeyId key, boolean used) {
        if (key.version().isEmpty()) {
            return blind(key.name().isEmpty() ? "keys in it" : "key");
        }
        String what = used
                ? "Artifacts of confidential VMs may be under it, and you may not see whose."
                : "No artifact of a confidential VM is under it. You may not see whether a set has it as its"
                        + " active key, or is being changed to it.";
        return what + ALLOWED;
    }

    private static String blind(String what) {
        return "You may not see what needs the " + what + "." + ALLOWED;
    }

    private static String words(Duration grace) {
        long minutes = grace.toMinutes();
        return grace.isZero()
                ? "at once"
                : minutes == 0
                        ? "after " + grace.toSeconds() + " seconds"
                        : minutes == 60
                                ? "after an hour"
                                : "after " + minutes + (minutes == 1 ? " minute" : " minutes");
    }
}
