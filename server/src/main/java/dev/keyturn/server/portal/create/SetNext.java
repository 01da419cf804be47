package dev.keyturn.server.portal.create;

import dev.keyturn.core.diskset.ConfidentialKeyRules;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/** After a set was made: what its identity lacks, and the way to a VM under it. */
final class SetNext {
    private final CreateDesk desk;

    SetNext(CreateDesk desk) {
        this.desk = desk;
    }

    static String address(ArmId set) {
        return Links.set(set) + "/next";
    }

    void addTo(Routes routes) {
        desk.entry().page(routes, Links.ONE + "/next", this::show);
    }

    private Response show(Visitor visitor) {
        ArmId id = desk.in(
                visitor.request().variable("group"),
                DiskEncryptionSet.TYPE,
                visitor.request().variable("name"));
        DiskEncryptionSet set = desk.services().sets().get(visitor.call(), id);
        Optional<Vault> vault = desk.services()
                .vaults()
                .hosts()
                .resolve(set.activeKey().authority())
                .flatMap(a -> desk.services().vaults().named(a.kind(), a.name()));
        List<ErrorInfo> problems = desk.services().sets().keyProblems(visitor.call(), id);
        Optional<String> lacks = problems.stream()
                .filter(SetNext::isOfAccess)
                .findFirst()
                .map(p -> vault.map(SetNext::lacking).orElse(p.message()));
        SetNextPage page = new SetNextPage(
                set.id().name(),
                set.id().resourceGroup(),
                Links.set(set.id()),
                KeyLook.of(set.activeKey()),
                problems.stream()
                        .filter(p -> !isOfAccess(p))
                        .map(ErrorInfo::message)
                        .toList(),
                lacks,
                vault.filter(v -> lacks.isPresent() && desk.rights().mayGiveRoles(visitor.call(), v))
                        .map(_ -> Links.key(set.id()) + "/give-access"),
                desk.may(visitor, Action.VM_WRITE, Scope.of(set.id().group()))
                        ? Optional.of(
                                VmForm.ADDRESS + "?group=" + Links.part(set.id().resourceGroup()) + "&location="
                                        + Links.part(set.head().location()) + "&set="
                                        + Links.part(set.id().toString()))
                        : Optional.empty(),
                address(set.id()));
        return desk.entry()
                .html()
                .page(
                        200,
                        "set-next",
                        desk.entry()
                                .frame(
                                        visitor,
                                        page.name(),
                                        Links.SETS,
                                        Optional.of(new Frame.Said("done", "The set " + page.name() + " is there.")))
                                .with(Step.of(visitor.request(), "Show the set", "GET", set.id(), "", Step.DISKS)),
                        page);
    }

    private static boolean isOfAccess(ErrorInfo problem) {
        return problem.code().equals(ConfidentialKeyRules.NO_ACCESS);
    }

    private static String lacking(Vault vault) {
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            return HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER.name();
        }
        return vault.rbac()
                ? Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER.name()
                : "an access policy with the key permissions get, wrapKey and unwrapKey";
    }
}
