package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vault.DeletedVaultService.Place;
import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The list of vaults, or of managed HSMs. */
final class VaultList {
    private static final int SHOWN = 25;
    private static final int SCANNED = 200;

    private final VaultDesk desk;

    VaultList(VaultDesk desk) {
        this.desk = desk;
    }

    Response list(Visitor visitor, VaultKind kind) {
        String name = visitor.request().query("name").orElse("").strip();
        String group = visitor.request().query("group").orElse("").strip();
        List<VaultListPage.Line> lines = List.of();
        Optional<String> more = Optional.empty();
        Optional<String> blind =
                group.isEmpty() || in(group).isPresent() ? Optional.empty() : Optional.of(Links.noGroup(group));
        try {
            List<Vault> found = blind.isPresent() ? List.of() : found(visitor, kind, name, group);
            List<Vault> shown = found.subList(0, Math.min(SHOWN, found.size()));
            lines = shown.stream().map(v -> line(visitor, v)).toList();
            if (group.isEmpty() && !desk.may(visitor, kind.read(), desk.all())) {
                blind = Optional.of(Links.partly(kind.noun() + "s"));
            }
            if (found.size() > SHOWN) {
                more = Optional.of(Links.vaults(kind) + "?name=" + Links.part(name) + "&group=" + Links.part(group)
                        + "&after=" + Links.part(shown.getLast().resource().id().key()));
            }
        } catch (DomainException e) {
            blind = Optional.of(
                    switch (e.error()) {
                        case DomainError.Forbidden _ -> forbidden(kind, group);
                        case DomainError.NotFound missing -> missing.info().message();
                        default -> throw e;
                    });
        }
        List<Vault> deleted = deleted(visitor, kind, name);
        VaultListPage page = new VaultListPage(
                VaultPages.title(kind),
                Links.vaults(kind),
                kind.noun(),
                name,
                group,
                lines,
                more,
                blind,
                desk.may(visitor, kind.write(), Scope.of(desk.subscription().id(), in(group)))
                        ? Optional.of(Links.create(kind == VaultKind.VAULT ? "vault" : "hsm"))
                        : Optional.empty(),
                deleted.stream().limit(SHOWN).map(v -> gone(visitor, v)).toList(),
                deleted.size() > SHOWN
                        ? Optional.of(Links.vaults(kind) + "?name=" + Links.part(name) + "&deletedafter="
                                + Links.part(deleted.get(SHOWN - 1).name().toLowerCase(Locale.ROOT)) + "#deleted")
                        : Optional.empty());
        return desk.entry()
                .html()
                .page(
                        200,
                        "vaults",
                        desk.entry()
                                .frame(visitor, VaultPages.title(kind), Links.vaults(kind), Optional.empty())
                                .with(
                                        VaultSteps.all(
                                                visitor,
                                                kind,
                                                desk.subscription().id()),
                                        VaultSteps.allDeleted(
                                                visitor,
                                                kind,
                                                desk.subscription().id())),
                        page);
    }

    private static Optional<String> in(String group) {
        return Optional.of(group).filter(Links::isSegment);
    }

    private static String forbidden(VaultKind kind, String group) {
        return "You may not list the " + kind.noun() + "s of resource group '" + group + "'. Reader at it allows that.";
    }

    private List<Vault> found(Visitor visitor, VaultKind kind, String name, String group) {
        String wanted = name.toLowerCase(Locale.ROOT);
        Optional<String> in = in(group);
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<Vault> found = new ArrayList<>();
        while (found.size() <= SHOWN) {
            List<Vault> some = desk.services()
                    .vaults()
                    .page(visitor.call(), kind, desk.subscription().id(), in, after, SCANNED);
            some.stream()
                    .filter(v -> v.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .forEach(found::add);
            if (some.size() < SCANNED) {
                break;
            }
            after = Optional.of(some.getLast().resource().id().key());
        }
        return found;
    }

    /** One more than are shown, where there are more; none for who may not list them. */
    private List<Vault> deleted(Visitor visitor, VaultKind kind, String name) {
        if (!desk.may(visitor, kind.listDeleted(), desk.all())) {
            return List.of();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        Optional<String> after = visitor.request().query("deletedafter").filter(a -> !a.isEmpty());
        List<Vault> found = new ArrayList<>();
        while (found.size() <= SHOWN) {
            List<Vault> some = desk.services()
                    .deletedVaults()
                    .list(visitor.call(), kind, desk.subscription().id(), after, SCANNED);
            some.stream()
                    .filter(v -> v.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .forEach(found::add);
            if (some.size() < SCANNED) {
                break;
            }
            after = Optional.of(some.getLast().name().toLowerCase(Locale.ROOT));
        }
        return found;
    }

    private VaultListPage.Deleted gone(Visitor visitor, Vault vault) {
        ArmId group = vault.resource().id().group();
        boolean homeless = desk.may(visitor, Action.GROUP_READ, Scope.of(group))
                && !desk.services().groups().exists(visitor.call(), group);
        Deletion deletion = vault.deleted().orElseThrow();
        return new VaultListPage.Deleted(
                vault.name(),
                desk.href(vault),
                group.resourceGroup(),
                homeless && desk.may(visitor, Action.GROUP_WRITE, Scope.of(group))
                        ? Optional.of(Links.create("group"))
                        : Optional.empty(),
                deletion.at(),
                deletion.purgeAt(),
                vault.purgeProtection(),
                !homeless
                        && desk.may(
                                visitor,
                                vault.kind().write(),
                                Scope.of(vault.resource().id())),
                !vault.purgeProtection()
                        && desk.may(
                                visitor, vault.kind().purge(), Place.of(vault).scope()));
    }

    private VaultListPage.Line line(Visitor visitor, Vault vault) {
        return new VaultListPage.Line(
                vault.name(),
                desk.href(vault),
                vault.resource().id().resourceGroup(),
                vault.resource().location(),
                vault.sku(),
                vault.softDeleteDays(),
                vault.purgeProtection(),
                VaultPages.rights(vault),
                new SeenKeys(desk).count(visitor, vault));
    }
}
