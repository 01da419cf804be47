package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End;
import dev.keyturn.server.portal.ends.Ends;
import dev.keyturn.server.portal.ends.Loss;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A version disabled, a key deleted, a deleted key purged: each with a page before it that tells what would break, and a
 * name that has to be typed. Nothing here insists on a loss: what artifacts are under is not deleted from a page.
 */
final class KeyEnds {
    private static final String OF_KEY = "a version of this key";

    private final VaultDesk desk;
    private final Losses losses;
    private final Ends ends;

    KeyEnds(VaultDesk desk, Losses losses) {
        this.desk = desk;
        this.losses = losses;
        this.ends = new Ends(desk.entry());
    }

    void addTo(Routes routes) {
        for (VaultKind kind : VaultKind.values()) {
            String key = Links.vaults(kind) + VaultKeyPages.KEY;
            add(routes, kind, Links.vaults(kind) + VaultKeyPages.VERSION + "/disable", this::disabling, this::disable);
            add(routes, kind, key + "/delete", this::deleting, this::delete);
            add(routes, kind, key + "/purge", this::purging, this::purge);
        }
    }

    private void add(
            Routes routes,
            VaultKind kind,
            String pattern,
            BiFunction<Visitor, Vault, End> end,
            BiFunction<Visitor, Vault, Response> deed) {
        desk.page(routes, kind, pattern, v -> ends.page(v, end.apply(v, desk.vault(v, kind))));
        desk.form(routes, kind, pattern, v -> {
            Vault vault = desk.vault(v, kind);
            return ends.confirmed(v, () -> end.apply(v, vault), _ -> deed.apply(v, vault));
        });
    }

    /** Once it is known that the person may ask for it. */
    private End.Draft end(
            Visitor visitor, Vault vault, KeyPermission right, String title, String button, String path, String typed) {
        String key = visitor.request().variable("key");
        desk.require(visitor, vault, right, key);
        return End.of(
                Links.vaults(vault.kind()),
                List.of(
                        new End.Way(VaultPages.title(vault.kind()), Links.vaults(vault.kind())),
                        new End.Way(vault.name(), desk.href(vault)),
                        new End.Way(key, desk.href(vault, key))),
                title,
                button,
                desk.href(vault, key) + path,
                typed);
    }

    private End disabling(Visitor visitor, Vault vault) {
        String name = visitor.request().variable("key");
        desk.require(visitor, vault, KeyPermission.UPDATE, name);
        KeyVersion version = desk.services()
                .keys()
                .keys()
                .get(visitor.call(), vault, name, Optional.of(visitor.request().variable("version")));
        KeyId id = desk.services().keys().keys().id(vault, version);
        KeyLook look = KeyLook.of(id);
        return end(
                        visitor,
                        vault,
                        KeyPermission.UPDATE,
                        "Disable " + look.label(),
                        "Disable it",
                        "/versions/" + version.version() + "/disable",
                        look.version())
                .saying("While it is disabled, nothing can be opened with it. It can be enabled again at any time.")
                .breaking(losses.of(visitor, vault, id), "this version")
                .by(Step.key("Disable it", "PATCH", id.url()).sending("{\"attributes\":{\"enabled\":false}}"))
                .unless(version.attributes().enabled() ? Optional.empty() : Optional.of("It is disabled already."))
                .end();
    }

    private Response disable(Visitor visitor, Vault vault) {
        KeyVersion disabled = VaultKeyPages.enabled(desk, visitor, vault, false);
        return VaultKeyPages.done(desk, vault, disabled.name());
    }

    private End deleting(Visitor visitor, Vault vault) {
        String name = visitor.request().variable("key");
        End.Draft end =
                end(visitor, vault, KeyPermission.DELETE, "Delete the key " + name, "Delete it", "/delete", name);
        Loss loss = losses.of(visitor, vault, desk.allVersions(vault, name));
        return end.saying("All its versions go with it. For " + vault.softDeleteDays()
                        + " days it can be recovered as it was; then it is gone for ever.")
                .breaking(loss, OF_KEY)
                .by(Step.key("Delete it", "DELETE", url(vault, name)))
                .unless(Losses.insisting(loss))
                .end();
    }

    /** Of the key, without a version. */
    private String url(Vault vault, String key) {
        return desk.allVersions(vault, key).url().replaceFirst("/$", "");
    }

    private Response delete(Visitor visitor, Vault vault) {
        String name = visitor.request().variable("key");
        desk.services().keys().deleted().delete(visitor.call(), vault, name, false);
        return VaultKeyPages.done(desk, vault, name);
    }

    private End purging(Visitor visitor, Vault vault) {
        String name = visitor.request().variable("key");
        End.Draft end = end(
                visitor, vault, KeyPermission.PURGE, "Purge the key " + name, "Destroy it for ever", "/purge", name);
        Loss loss = losses.of(visitor, vault, desk.allVersions(vault, name));
        return end.saying("The key and all its versions are destroyed. Nobody can bring them back, and nothing that was"
                        + " encrypted under them can ever be opened again, nor any copy or backup of it.")
                .breaking(loss, OF_KEY)
                .by(Step.key("Destroy it for ever", "DELETE", url(vault, name).replace("/keys/", "/deletedkeys/")))
                .unless(
                        vault.purgeProtection()
                                ? Optional.of("Purge protection is on in " + vault.name()
                                        + ": the key is purged by itself when its retention has ended.")
                                : Optional.empty())
                .unless(Losses.insisting(loss))
                .end();
    }

    private Response purge(Visitor visitor, Vault vault) {
        desk.services()
                .keys()
                .deleted()
                .purge(visitor.call(), vault, visitor.request().variable("key"), false);
        return Html.to(desk.href(vault));
    }
}
