package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.vault.DeletedVaultService.Place;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultSpec;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End;
import dev.keyturn.server.portal.ends.Ends;
import dev.keyturn.server.portal.ends.Loss;
import dev.keyturn.server.portal.frame.Count;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/**
 * Vaults and managed HSMs as a whole: deleted softly, recovered, purged. Nothing here insists on a loss. A deleted one is
 * named to nobody who may not list those that are deleted.
 */
final class VaultEnds {
    private final VaultDesk desk;
    private final Losses losses;
    private final Ends ends;

    VaultEnds(VaultDesk desk) {
        this.desk = desk;
        this.losses = new Losses(desk);
        this.ends = new Ends(desk.entry());
    }

    void addTo(Routes routes) {
        for (VaultKind kind : VaultKind.values()) {
            String one = Links.vaults(kind) + "/{vault}";
            desk.page(routes, kind, one + "/delete", v -> ends.page(v, deleting(v, desk.vault(v, kind))));
            desk.form(routes, kind, one + "/delete", v -> delete(v, desk.vault(v, kind)));
            desk.form(routes, kind, one + "/recover", v -> recover(v, deleted(v, kind)));
            desk.page(routes, kind, one + "/purge", v -> ends.page(v, purging(v, deleted(v, kind))));
            desk.form(routes, kind, one + "/purge", v -> purge(v, deleted(v, kind)));
        }
    }

    private Vault deleted(Visitor visitor, VaultKind kind) {
        desk.services().doors().require(visitor.call(), kind.listDeleted(), desk.all());
        String name = visitor.request().variable("vault");
        return desk.services()
                .deletedVaults()
                .named(kind, name)
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "NotFound", "There is no deleted " + kind.noun() + " '" + name + "' here."))
                        .asException());
    }

    private static List<End.Way> all(VaultKind kind) {
        return List.of(new End.Way(VaultPages.title(kind), Links.vaults(kind)));
    }

    private End deleting(Visitor visitor, Vault vault) {
        VaultKind kind = vault.kind();
        desk.services()
                .doors()
                .require(
                        visitor.call(), kind.delete(), Scope.of(vault.resource().id()));
        Loss loss = losses.of(visitor, vault, desk.allVersions(vault, ""));
        return End.of(
                        Links.vaults(kind),
                        List.of(all(kind).getFirst(), new End.Way(vault.name(), desk.href(vault))),
                        "Delete the " + kind.noun() + " " + vault.name(),
                        "Delete it",
                        desk.href(vault) + "/delete",
                        vault.name())
                .saying(keys(visitor, vault) + " with it. For " + vault.softDeleteDays()
                        + " days it can be recovered as it was, with its keys and who may use them; then it is gone for"
                        + " ever. Until then nobody can make another of its name.")
                .saying(
                        vault.purgeProtection()
                                ? "Purge protection is on: nobody can destroy it before that."
                                : "Purge protection is off: whoever may purge it can destroy it before that.")
                .breaking(loss, "a key of this " + kind.noun())
                .by(VaultSteps.delete(visitor, vault))
                .unless(Losses.insisting(loss))
                .end();
    }

    private String keys(Visitor visitor, Vault vault) {
        return desk.may(visitor, vault, KeyPermission.LIST, Optional.empty())
                ? Count.of(desk.services().keys().keys().count(visitor.call(), vault), "key goes", "keys go")
                : "All its keys go";
    }

    private Response delete(Visitor visitor, Vault vault) {
        return ends.confirmed(visitor, () -> deleting(visitor, vault), _ -> {
            desk.services()
                    .vaults()
                    .delete(
                            visitor.call(),
                            vault.kind(),
                            vault.resource().id(),
                            Precondition.revision(vault.resource().revision()),
                            false);
            return Html.to(Links.vaults(vault.kind()) + "#deleted");
        });
    }

    /** As {@code createMode: recover} does it: as it was, whatever else is said. */
    private Response recover(Visitor visitor, Vault vault) {
        ArmId id = vault.resource().id();
        Draft head = new Draft(
                vault.resource().location(),
                vault.resource().tags(),
                vault.resource().document());
        VaultSpec spec = new VaultSpec(
                head,
                vault.tenant(),
                vault.sku(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                true);
        Vault back = desk.services()
                .vaults()
                .put(visitor.call(), vault.kind(), id, Precondition.ABSENT, _ -> spec)
                .vault();
        return Html.to(desk.href(back));
    }

    private End purging(Visitor visitor, Vault vault) {
        VaultKind kind = vault.kind();
        desk.services()
                .doors()
                .require(visitor.call(), kind.purge(), Place.of(vault).scope());
        Loss loss = losses.of(visitor, vault, desk.allVersions(vault, ""));
        End.Draft end = End.of(
                        Links.vaults(kind),
                        all(kind),
                        "Purge the " + kind.noun() + " " + vault.name(),
                        "Destroy it for ever",
                        desk.href(vault) + "/purge",
                        vault.name())
                .saying("The " + kind.noun()
                        + ", all its keys and who may use them are destroyed. Nobody can bring them"
                        + " back, and nothing that was encrypted under its keys can ever be opened again, nor any copy or"
                        + " backup of it.")
                .breaking(loss, "a key of this " + kind.noun())
                .by(VaultSteps.purge(visitor, vault));
        if (vault.purgeProtection()) {
            end.unlessUntil(
                    "Purge protection is on in " + vault.name() + ": nobody can destroy it, and it is purged by itself"
                            + " when its retention has ended.",
                    vault.deleted().orElseThrow().purgeAt());
        }
        return end.unless(Losses.insisting(loss)).end();
    }

    private Response purge(Visitor visitor, Vault vault) {
        return ends.confirmed(visitor, () -> purging(visitor, vault), _ -> {
            desk.services().deletedVaults().purge(visitor.call(), Place.of(vault), false);
            return Html.to(Links.vaults(vault.kind()));
        });
    }
}
