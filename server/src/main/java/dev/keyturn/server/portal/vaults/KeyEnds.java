package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/**
 * A version disabled, a key deleted, a deleted key purged: each with a page before it that tells what would break, and a
 * name that has to be typed. Nothing here insists on a loss: what artifacts are under is not deleted from a page.
 */
final class KeyEnds {
    private final VaultDesk desk;
    private final Losses losses;

    KeyEnds(VaultDesk desk, Losses losses) {
        this.desk = desk;
        this.losses = losses;
    }

    void addTo(Routes routes) {
        for (VaultKind kind : VaultKind.values()) {
            String key = Links.vaults(kind) + VaultKeyPages.KEY;
            String disable = Links.vaults(kind) + VaultKeyPages.VERSION + "/disable";
            desk.page(routes, kind, disable, v -> page(200, v, disabling(v, kind), List.of()));
            desk.form(routes, kind, disable, v -> disable(v, kind));
            desk.page(routes, kind, key + "/delete", v -> page(200, v, deleting(v, kind), List.of()));
            desk.form(routes, kind, key + "/delete", v -> delete(v, kind));
            desk.page(routes, kind, key + "/purge", v -> page(200, v, purging(v, kind), List.of()));
            desk.form(routes, kind, key + "/purge", v -> purge(v, kind));
        }
    }

    /** What somebody is about to do, once it is known that they may ask for it. */
    private record End(
            Vault vault,
            KeyId key,
            String title,
            String button,
            String path,
            List<String> words,
            String needs,
            Optional<String> against,
            String typed) {}

    private End disabling(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        String name = visitor.request().variable("key");
        desk.require(visitor, vault, KeyPermission.UPDATE, name);
        KeyVersion version = desk.services()
                .keys()
                .keys()
                .get(visitor.call(), vault, name, Optional.of(visitor.request().variable("version")));
        KeyId id = desk.services().keys().keys().id(vault, version);
        KeyLook look = KeyLook.of(id);
        return new End(
                vault,
                id,
                "Disable " + look.label(),
                "Disable it",
                "/versions/" + version.version() + "/disable",
                List.of("While it is disabled, nothing can be opened with it. It can be enabled again at any time."),
                "this version",
                version.attributes().enabled() ? Optional.empty() : Optional.of("It is disabled already."),
                look.version());
    }

    private Response disable(Visitor visitor, VaultKind kind) {
        return end(visitor, disabling(visitor, kind), end -> {
            KeyVersion disabled = VaultKeyPages.enabled(desk, visitor, end.vault(), false);
            return VaultKeyPages.done(desk, end.vault(), disabled.name());
        });
    }

    private End deleting(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        String name = visitor.request().variable("key");
        desk.require(visitor, vault, KeyPermission.DELETE, name);
        return new End(
                vault,
                desk.allVersions(vault, name),
                "Delete the key " + name,
                "Delete it",
                "/delete",
                List.of("All its versions go with it. For " + vault.softDeleteDays()
                        + " days it can be recovered as it was; then it is gone for ever."),
                "a version of this key",
                Optional.empty(),
                name);
    }

    private Response delete(Visitor visitor, VaultKind kind) {
        return end(visitor, deleting(visitor, kind), end -> {
            desk.services()
                    .keys()
                    .deleted()
                    .delete(visitor.call(), end.vault(), end.key().name(), false);
            return VaultKeyPages.done(desk, end.vault(), end.key().name());
        });
    }

    private End purging(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        String name = visitor.request().variable("key");
        desk.require(visitor, vault, KeyPermission.PURGE, name);
        return new End(
                vault,
                desk.allVersions(vault, name),
                "Purge the key " + name,
                "Destroy it for ever",
                "/purge",
                List.of("The key and all its versions are destroyed. Nobody can bring them back, and nothing that was"
                        + " encrypted under them can ever be opened again, nor any copy or backup of it."),
                "a version of this key",
                vault.purgeProtection()
                        ? Optional.of("Purge protection is on in " + vault.name()
                                + ": the key is purged by itself when its retention has ended.")
                        : Optional.empty(),
                name);
    }

    private Response purge(Visitor visitor, VaultKind kind) {
        return end(visitor, purging(visitor, kind), end -> {
            desk.services()
                    .keys()
                    .deleted()
                    .purge(visitor.call(), end.vault(), end.key().name(), false);
            return Html.to(desk.href(end.vault()));
        });
    }

    @FunctionalInterface
    private interface Deed {
        Response of(End end);
    }

    private Response end(Visitor visitor, End end, Deed deed) {
        String typed = visitor.request().form().getOrDefault("name", "").strip();
        if (!typed.equalsIgnoreCase(end.typed())) {
            return page(400, visitor, end, List.of("Nothing was done: what was typed is not '" + end.typed() + "'."));
        }
        Loss loss = losses.of(visitor, end.vault(), end.key());
        if (loss.isBeyond(visitor.request().form().getOrDefault("shown", ""))) {
            return page(
                    409,
                    visitor,
                    end,
                    loss,
                    List.of("Nothing was done: more needs " + end.needs() + " now than when this page was shown. What"
                            + " would break is below."));
        }
        try {
            return deed.of(end);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)) {
                throw e;
            }
            return page(ErrorStatus.of(e.error()), visitor, end, List.of(message(e)));
        }
    }

    /** A page insists on no loss, so it does not tell how a client would. */
    private static String message(DomainException e) {
        String message = e.error().info().message();
        int insisting = message.indexOf(", or repeat the request with the query parameter " + KeyRefusals.OVERRIDE);
        return insisting < 0 ? message : message.substring(0, insisting) + ".";
    }

    private Response page(int status, Visitor visitor, End end, List<String> problems) {
        return page(status, visitor, end, losses.of(visitor, end.vault(), end.key()), problems);
    }

    private Response page(int status, Visitor visitor, End end, Loss loss, List<String> problems) {
        boolean whole = end.key().version().isEmpty();
        Optional<String> against = end.against()
                .or(() -> whole && loss.artifacts() > 0
                        ? Optional.of("Artifacts are under it. Change the key of the sets below first: what is under a"
                                + " key that is gone can never be opened again.")
                        : Optional.empty())
                .or(() -> whole && loss.coming()
                        ? Optional.of(
                                "A set is being changed to it. Wait until that has ended, then give the set another"
                                        + " key: what is under a key that is gone can never be opened again.")
                        : Optional.empty());
        KeyEndPage page = new KeyEndPage(
                end.title(),
                end.button(),
                desk.href(end.vault(), end.key().name()) + end.path(),
                end.key().name(),
                desk.href(end.vault(), end.key().name()),
                end.vault().name(),
                desk.href(end.vault()),
                Links.vaults(end.vault().kind()),
                VaultPages.title(end.vault().kind()),
                whole ? Optional.empty() : Optional.of(KeyLook.of(end.key())),
                end.words(),
                loss,
                end.needs(),
                against,
                end.typed(),
                problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "key-end",
                        desk.entry()
                                .frame(
                                        visitor,
                                        end.title(),
                                        Links.vaults(end.vault().kind()),
                                        Optional.empty()),
                        page);
    }
}
