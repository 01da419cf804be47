package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.ConfidentialKeyRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.rotation.Blocker;
import dev.keyturn.core.rotation.RotationService.Forecast;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.sets.InTheWay.Group;
import dev.keyturn.server.portal.sets.InTheWay.Line;
import dev.keyturn.server.portal.sets.InTheWay.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks for the preflight of a rotation and sorts what it says: what is in the way, and what takes it away. */
final class Preflighting {
    private static final int SHOWN = 1000;
    /** How many VMs are named in commands that stop them. */
    private static final int STEPS = 20;
    /** Each asks the vault to unwrap, which it records: a page that is left open stops asking after so many. */
    private static final int ROUNDS = 300;

    private final SetDesk desk;

    Preflighting(SetDesk desk) {
        this.desk = desk;
    }

    InTheWay of(Visitor visitor, DiskEncryptionSet set, KeyId to) {
        int round = round(visitor);
        Optional<String> again =
                round < ROUNDS ? Optional.of(Links.key(set.id(), to) + "&round=" + (round + 1)) : Optional.empty();
        try {
            Forecast forecast = desk.services().rotations().preflight(visitor.call(), set.id(), to);
            List<Group> groups = groups(visitor, set, to, forecast.blockers());
            return new InTheWay(
                    groups,
                    forecast.warnings().stream().map(ErrorInfo::message).toList(),
                    Optional.empty(),
                    forecast.blockers().stream()
                            .filter(Preflighting::stoppable)
                            .limit(STEPS)
                            .map(b -> ((Blocker.VmNotStopped) b).vm())
                            .toList(),
                    groups.isEmpty() ? Optional.empty() : again);
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Unavailable unavailable) {
                return InTheWay.unknown(unavailable.info(), again);
            }
            throw e;
        }
    }

    /** A VM that can be asked to stop: not one that stops already, or that its host alone says to run. */
    static boolean stoppable(Blocker blocker) {
        return blocker instanceof Blocker.VmNotStopped vm
                && !vm.onHost()
                && (vm.power() == PowerState.RUNNING || vm.power() == PowerState.STARTING);
    }

    private static int round(Visitor visitor) {
        try {
            return visitor.request().query("round").map(Integer::parseInt).orElse(0);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private List<Group> groups(Visitor visitor, DiskEncryptionSet set, KeyId to, List<Blocker> all) {
        List<Group> groups = new ArrayList<>();
        String action = Links.key(set.id());
        List<Blocker.VmNotStopped> running = of(all, Blocker.VmNotStopped.class);
        long stoppable = all.stream().filter(Preflighting::stoppable).count();
        boolean mayStop = running.stream()
                .findFirst()
                .filter(vm -> desk.may(visitor, Action.VM_POWER_OFF, Scope.of(vm.vm())))
                .isPresent();
        add(
                groups,
                running,
                n -> n == 1 ? "1 VM is not stopped" : n + " VMs are not stopped",
                stoppable == 0
                        ? (running.size() == 1 ? "It is on its" : "They are on their")
                                + " way. This page looks again by itself."
                        : mayStop
                                ? (stoppable == 1 ? "Its guest is" : "Their guests are") + " asked to shut down."
                                : "You may not stop " + (stoppable == 1 ? "it" : "them")
                                        + ". Virtual Machine Contributor allows that.",
                b -> new Line(
                        running((Blocker.VmNotStopped) b), Optional.of(Links.vm(((Blocker.VmNotStopped) b).vm()))),
                stoppable > 0 && mayStop
                        ? Optional.of(new Remedy(
                                stoppable == 1 ? "Stop this one" : "Stop these " + stoppable, action + "/stop"))
                        : Optional.empty());
        add(
                groups,
                of(all, Blocker.EphemeralVm.class),
                n -> n == 1 ? "1 VM cannot be rotated" : n + " VMs cannot be rotated",
                "They have an ephemeral OS disk, and can be neither stopped nor given another key. Delete them, and give"
                        + " such VMs a disk encryption set of their own.",
                b -> new Line(
                        ((Blocker.EphemeralVm) b).vm().name(), Optional.of(Links.vm(((Blocker.EphemeralVm) b).vm()))),
                Optional.empty());
        add(
                groups,
                of(all, Blocker.VmBusy.class),
                n -> n == 1 ? "1 VM is being changed" : n + " VMs are being changed",
                "Wait until that has ended.",
                b -> new Line(b.info().message(), Optional.of(Links.vm(((Blocker.VmBusy) b).vm()))),
                Optional.empty());
        plain(groups, of(all, Blocker.DiskBusy.class), "Disks are being changed", "Wait until that has ended.");
        plain(groups, of(all, Blocker.SetBusy.class), "The set is being changed", "Wait until that has ended.");
        access(visitor, set, to, groups, all);
        plain(
                groups,
                of(all, Blocker.TargetUnusable.class).stream()
                        .filter(b -> !lacksAccess(b))
                        .toList(),
                "The new key cannot be used",
                "Choose another key version in step 1, or change this one at its vault.");
        plain(
                groups,
                of(all, Blocker.SourceUnusable.class),
                "What is there cannot be opened",
                "The key that artifacts are under must be usable until they are under another one: enable it, recover"
                        + " it, or give the set's identity its access back.");
        plain(
                groups,
                of(all, Blocker.HostUnreachable.class),
                "A host does not answer",
                "It cannot be known whether the machines on it are stopped.");
        return groups;
    }

    private void access(Visitor visitor, DiskEncryptionSet set, KeyId to, List<Group> groups, List<Blocker> all) {
        List<Blocker> lacking = of(all, Blocker.TargetUnusable.class).stream()
                .filter(Preflighting::lacksAccess)
                .<Blocker>map(b -> b)
                .toList();
        Optional<Vault> vault = desk.vault(to);
        Optional<Remedy> remedy = vault.filter(v -> desk.rights().mayGiveRoles(visitor.call(), v))
                .map(v -> new Remedy("Give it " + role(v), Links.key(set.id()) + "/give-access"));
        String why = remedy.isPresent()
                ? "The role is assigned at " + vault.orElseThrow().name() + ", to this set's identity alone."
                : vault.filter(v -> v.kind() == VaultKind.VAULT && !v.rbac()).isPresent()
                        ? "The vault is on access policies: add one with get, wrapKey and unwrapKey."
                        : "Whoever may assign roles there can give it "
                                + vault.map(Preflighting::role).orElse("access") + ".";
        plain(groups, lacking, "The set's identity may not use the new key", why, remedy);
    }

    static String role(Vault vault) {
        return vault.kind() == VaultKind.VAULT
                ? Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER.name()
                : HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER.name();
    }

    private static boolean lacksAccess(Blocker.TargetUnusable blocker) {
        return blocker.reason().code().equals(ConfidentialKeyRules.NO_ACCESS);
    }

    private static String running(Blocker.VmNotStopped vm) {
        return vm.vm().name() + ": "
                + (vm.onHost()
                        ? "runs on host " + vm.host() + ", although it is recorded as "
                                + vm.power().wire()
                        : vm.power().wire());
    }

    private static <B extends Blocker> List<B> of(List<Blocker> all, Class<B> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static void plain(List<Group> groups, List<? extends Blocker> some, String title, String why) {
        plain(groups, some, title, why, Optional.empty());
    }

    private static void plain(
            List<Group> groups, List<? extends Blocker> some, String title, String why, Optional<Remedy> remedy) {
        add(groups, some, _ -> title, why, b -> new Line(b.info().message(), Optional.empty()), remedy);
    }

    private static void add(
            List<Group> groups,
            List<? extends Blocker> some,
            Function<Integer, String> title,
            String why,
            Function<Blocker, Line> line,
            Optional<Remedy> remedy) {
        if (!some.isEmpty()) {
            groups.add(new Group(
                    title.apply(some.size()),
                    why,
                    some.stream().limit(SHOWN).map(line).toList(),
                    Math.max(0, some.size() - SHOWN),
                    remedy));
        }
    }
}
