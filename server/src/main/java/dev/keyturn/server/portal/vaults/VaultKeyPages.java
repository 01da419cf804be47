package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyChanges;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultPage.SetLink;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One key: its versions with what needs them, its rotation policy; new versions, and versions enabled again. */
public final class VaultKeyPages {
    static final String KEY = "/{vault}/keys/{key}";
    static final String VERSION = KEY + "/versions/{version}";
    private static final int VERSIONS = 200;

    private final VaultDesk desk;
    private final Losses losses;
    private final RotationPolicies policies;
    private final SeenKeys seen;

    public VaultKeyPages(VaultDesk desk) {
        this.desk = desk;
        this.losses = new Losses(desk);
        this.policies = new RotationPolicies(desk);
        this.seen = new SeenKeys(desk);
    }

    public void addTo(Routes routes) {
        for (VaultKind kind : VaultKind.values()) {
            String key = Links.vaults(kind) + KEY;
            desk.page(routes, kind, key, v -> show(v, kind, Optional.empty()));
            desk.form(routes, kind, key + "/rotate", v -> rotate(v, kind));
            desk.form(routes, kind, key + "/policy", v -> policy(v, kind));
            desk.form(routes, kind, key + "/recover", v -> recover(v, kind));
            desk.form(routes, kind, Links.vaults(kind) + VERSION + "/enable", v -> enable(v, kind));
        }
        new KeyEnds(desk, losses).addTo(routes);
    }

    /** The page of the key, which shows what has become of it: its address says nothing, since anybody can open it later. */
    static Response done(VaultDesk desk, Vault vault, String key) {
        return Html.to(desk.href(vault, key));
    }

    private Response rotate(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        KeyVersion made = desk.services()
                .keys()
                .rotation()
                .rotate(visitor.call(), vault, visitor.request().variable("key"));
        return done(desk, vault, made.name());
    }

    private Response recover(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        KeyVersion back = desk.services()
                .keys()
                .deleted()
                .recover(visitor.call(), vault, visitor.request().variable("key"));
        return done(desk, vault, back.name());
    }

    private Response enable(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        KeyVersion enabled = enabled(desk, visitor, vault, true);
        return done(desk, vault, enabled.name());
    }

    /** Enables or disables the version that the address names. */
    static KeyVersion enabled(VaultDesk desk, Visitor visitor, Vault vault, boolean enabled) {
        return desk.services()
                .keys()
                .keys()
                .update(
                        visitor.call(),
                        vault,
                        visitor.request().variable("key"),
                        Optional.of(visitor.request().variable("version")),
                        new KeyChanges(
                                Optional.empty(),
                                new AttributeChanges(
                                        Optional.of(enabled), Optional.empty(), Optional.empty(), Optional.empty()),
                                Optional.empty(),
                                Optional.empty()));
    }

    private Response policy(Visitor visitor, VaultKind kind) {
        Vault vault = desk.vault(visitor, kind);
        String key = visitor.request().variable("key");
        Optional<VaultKeyPage.Policy> wrong = policies.save(visitor, vault, key);
        return wrong.isPresent() ? show(visitor, kind, wrong) : done(desk, vault, key);
    }

    private Response show(Visitor visitor, VaultKind kind, Optional<VaultKeyPage.Policy> wrong) {
        Vault vault = desk.vault(visitor, kind);
        VaultKeyPage page = page(visitor, vault, visitor.request().variable("key"), wrong);
        Optional<Frame.Said> said = visitor.request()
                .query("done")
                .filter(d -> d.equals("made") && isNew(page))
                .map(_ -> new Frame.Said("done", "The key is there. A disk encryption set with it comes next."));
        return desk.entry()
                .html()
                .page(
                        wrong.isPresent() ? 400 : 200,
                        "vault-key",
                        desk.entry()
                                .frame(visitor, page.name(), Links.vaults(kind), said)
                                .with(VaultSteps.of(page)),
                        page);
    }

    /** Whether it has one version, which can be used, and that nothing needs. */
    private static boolean isNew(VaultKeyPage page) {
        return page.versions().size() == 1
                && page.versions().stream()
                        .allMatch(v -> v.newest()
                                && v.enabled()
                                && v.active().isEmpty()
                                && v.coming().isEmpty()
                                && v.others().isEmpty());
    }

    private VaultKeyPage page(Visitor visitor, Vault vault, String name, Optional<VaultKeyPage.Policy> wrong) {
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<KeyVersion> versions = seen.versions(visitor, vault, name, after, VERSIONS + 1);
        if (versions.isEmpty() && after.isEmpty()) {
            return ended(visitor, vault, name);
        }
        String spelt = versions.isEmpty() ? name : versions.getFirst().name();
        List<KeyUse> uses = losses.sets(visitor, desk.allVersions(vault, spelt));
        boolean mayUpdate = desk.may(visitor, vault, KeyPermission.UPDATE, Optional.of(spelt));
        Optional<KeyVersion> newest = newest(visitor, vault, spelt, after, versions);
        return new VaultKeyPage(
                spelt,
                vault.name(),
                vault.kind().noun(),
                Links.vaults(vault.kind()),
                desk.href(vault),
                desk.href(vault, spelt),
                desk.services().vaults().hosts().uri(vault) + "keys/" + spelt,
                resource(visitor, vault, spelt),
                versions.isEmpty() ? "" : type(versions.getFirst()),
                versions.stream()
                        .limit(VERSIONS)
                        .sorted(Comparator.comparingLong(KeyVersion::sequence).reversed())
                        .map(v -> line(
                                visitor,
                                vault,
                                v,
                                uses,
                                newest.filter(n -> n.version().equals(v.version()))
                                        .isPresent(),
                                mayUpdate))
                        .toList(),
                losses.seesSets(visitor)
                        ? Optional.empty()
                        : Optional.of("You may not see which sets need its versions. Reader at the subscription allows"
                                + " it."),
                versions.size() > VERSIONS
                        ? Optional.of(desk.href(vault, spelt) + "?after="
                                + versions.get(VERSIONS - 1).version())
                        : Optional.empty(),
                wrong.or(() -> policies.of(visitor, vault, spelt)),
                desk.may(visitor, vault, KeyPermission.ROTATE, Optional.of(spelt)),
                desk.may(visitor, vault, KeyPermission.DELETE, Optional.of(spelt)),
                newSet(visitor, vault, newest),
                Optional.empty(),
                List.of());
    }

    private Optional<String> resource(Visitor visitor, Vault vault, String name) {
        ArmId id = vault.resource().id();
        return vault.kind() == VaultKind.VAULT && desk.may(visitor, vault.kind().read(), Scope.of(id))
                ? Optional.of(id.child("keys", name).toString())
                : Optional.empty();
    }

    /** Where a set with the newest version is made. */
    private Optional<String> newSet(Visitor visitor, Vault vault, Optional<KeyVersion> newest) {
        if (!desk.may(visitor, Action.DISK_SET_WRITE, desk.all())) {
            return Optional.empty();
        }
        return newest.filter(v -> v.attributes().enabled())
                .map(v -> desk.services().keys().keys().id(vault, v).url())
                .map(url -> Links.create("set") + "?key=" + Links.part(url) + "&group="
                        + Links.part(vault.resource().id().resourceGroup()) + "&location="
                        + Links.part(vault.resource().location()));
    }

    /** Of all pages, which are in the order of their ids; empty where there are more and the person may not see which it is. */
    private Optional<KeyVersion> newest(
            Visitor visitor, Vault vault, String name, Optional<String> after, List<KeyVersion> versions) {
        return after.isEmpty() && versions.size() <= VERSIONS
                ? versions.stream().max(Comparator.comparingLong(KeyVersion::sequence))
                : seen.newest(visitor, vault, name);
    }

    private VaultKeyPage.Version line(
            Visitor visitor, Vault vault, KeyVersion version, List<KeyUse> uses, boolean newest, boolean mayUpdate) {
        KeyId id = desk.services().keys().keys().id(vault, version);
        List<KeyUse> own = uses.stream()
                .filter(u -> u.key().referenceInAnyDomain().equals(id.referenceInAnyDomain()))
                .toList();
        var attributes = version.attributes();
        return new VaultKeyPage.Version(
                KeyLook.of(id),
                version.version(),
                newest,
                VersionState.of(attributes, desk.clock().instant()),
                attributes.enabled(),
                attributes.created(),
                attributes.notBefore(),
                attributes.expires(),
                version.spec().hsm(),
                attributes.exportable(),
                links(own, KeyUse::active),
                links(own, u -> u.coming() && !u.active()),
                links(own, u -> !u.coming() && !u.active()),
                losses.seesSets(visitor)
                        ? Optional.of(own.stream().mapToLong(KeyUse::artifacts).sum())
                        : Optional.empty(),
                mayUpdate);
    }

    private static List<SetLink> links(List<KeyUse> uses, Predicate<KeyUse> which) {
        return uses.stream()
                .filter(which)
                .map(u -> new SetLink(u.set().name(), Links.set(u.set())))
                .collect(Collectors.toList());
    }

    private static String type(KeyVersion version) {
        return version.spec().text().replace('/', ' ');
    }

    /** A key that was deleted; refused where there is none, or the person may not see deleted keys. */
    private VaultKeyPage ended(Visitor visitor, Vault vault, String name) {
        if (!desk.may(visitor, vault, KeyPermission.GET_DELETED, Optional.of(name))) {
            throw KeyRefusals.notFound(name);
        }
        KeyEntry entry = desk.services().keys().deleted().get(visitor.call(), vault, name);
        String spelt = entry.key().name();
        var deletion = entry.key().deleted().orElseThrow();
        return new VaultKeyPage(
                spelt,
                vault.name(),
                vault.kind().noun(),
                Links.vaults(vault.kind()),
                desk.href(vault),
                desk.href(vault, spelt),
                desk.services().vaults().hosts().uri(vault) + "keys/" + spelt,
                resource(visitor, vault, spelt),
                VaultPages.type(entry),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty(),
                Optional.of(new VaultKeyPage.End(
                        deletion.at(),
                        deletion.purgeAt(),
                        desk.may(visitor, vault, KeyPermission.RECOVER, Optional.of(spelt)),
                        !vault.purgeProtection() && desk.may(visitor, vault, KeyPermission.PURGE, Optional.of(spelt)),
                        vault.purgeProtection())),
                List.of());
    }
}
