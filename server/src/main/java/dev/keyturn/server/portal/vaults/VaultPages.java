package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Key vaults and managed HSMs: all of them, and one with its keys and who may use them. */
public final class VaultPages {
    private static final int KEYS = 50;

    private final VaultDesk desk;
    private final VaultList list;
    private final Holders holders;
    private final OwnRole ownRole;
    private final SeenKeys seen;
    private final PolicyPages policies;

    public VaultPages(VaultDesk desk, ArmClient client) {
        this.policies = new PolicyPages(desk, client);
        this.desk = desk;
        this.list = new VaultList(desk);
        this.holders = new Holders(desk);
        this.ownRole = new OwnRole(desk);
        this.seen = new SeenKeys(desk);
    }

    public void addTo(Routes routes) {
        new VaultEnds(desk).addTo(routes);
        policies.addTo(routes);
        for (VaultKind kind : VaultKind.values()) {
            desk.entry().page(routes, Links.vaults(kind), v -> list.list(v, kind));
            desk.page(routes, kind, Links.vaults(kind) + "/{vault}", v -> show(v, kind));
            desk.form(routes, kind, Links.vaults(kind) + "/{vault}/take-role", v -> ownRole.take(v, kind));
        }
    }

    static String title(VaultKind kind) {
        return kind == VaultKind.VAULT ? "Key vaults" : "Managed HSMs";
    }

    private Response show(Visitor visitor, VaultKind kind) {
        VaultPage page = page(visitor, desk.vault(visitor, kind));
        return desk.entry()
                .html()
                .page(
                        200,
                        "vault",
                        desk.entry()
                                .frame(visitor, page.name(), Links.vaults(kind), said(visitor, page))
                                .with(VaultSteps.of(visitor, page)),
                        page);
    }

    /** Of a vault that was made just now, as long as no key is seen in it. */
    private static Optional<Frame.Said> said(Visitor visitor, VaultPage page) {
        return visitor.request()
                .query("done")
                .filter(d -> d.equals("made")
                        && page.keys().isEmpty()
                        && page.deleted().isEmpty())
                .map(_ -> new Frame.Said("done", "It is there. A key comes next."));
    }

    private VaultPage page(Visitor visitor, Vault named) {
        boolean lists = seen.lists(visitor, named);
        boolean reads =
                desk.may(visitor, named.kind().read(), Scope.of(named.resource().id()));
        Vault vault = reads || !lists
                ? desk.services()
                        .vaults()
                        .get(visitor.call(), named.kind(), named.resource().id())
                : named;
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<KeyEntry> keys = seen.list(visitor, vault, after, KEYS + 1);
        Optional<String> more = keys.size() > KEYS
                ? Optional.of(desk.href(vault) + "?after="
                        + Links.part(keys.get(KEYS - 1).key().name().toLowerCase(Locale.ROOT)) + "#keys")
                : Optional.empty();
        List<KeyEntry> deleted = deleted(visitor, vault);
        Map<KeyId, List<VaultPage.SetLink>> active = active(visitor, vault);
        return new VaultPage(
                vault.name(),
                vault.kind().noun(),
                Links.vaults(vault.kind()),
                desk.href(vault),
                desk.services().vaults().hosts().uri(vault),
                reads ? Optional.of(vault.resource().id().toString()) : Optional.empty(),
                desk.may(
                                visitor,
                                vault.kind().delete(),
                                Scope.of(vault.resource().id()))
                        ? Optional.of(desk.href(vault) + "/delete")
                        : Optional.empty(),
                reads ? facts(vault) : Map.of(),
                reads ? warnings(vault) : List.of(),
                reads ? holders.of(visitor, vault) : Optional.empty(),
                Holders.blind(vault.kind()),
                reads
                                && vault.kind() == VaultKind.VAULT
                                && (!vault.rbac() || !vault.policies().isEmpty())
                        ? Optional.of(desk.href(vault) + "/policies")
                        : Optional.empty(),
                keys.stream().limit(KEYS).map(k -> line(vault, k, active)).toList(),
                lists || desk.seesKeyResources(visitor, vault) ? Optional.empty() : Optional.of(keysBlind(vault)),
                more,
                deleted.stream()
                        .limit(KEYS)
                        .map(k -> deletedLine(visitor, vault, k))
                        .toList(),
                deleted.size() > KEYS,
                mayCreate(visitor, vault) ? Optional.of(desk.href(vault) + "/new-key") : Optional.empty(),
                ownRole.offered(visitor, vault));
    }

    private boolean mayCreate(Visitor visitor, Vault vault) {
        return desk.may(visitor, vault, KeyPermission.CREATE, Optional.empty())
                || (vault.kind() == VaultKind.VAULT
                        && desk.may(
                                visitor,
                                Action.KEY_RESOURCE_WRITE,
                                Scope.of(vault.resource().id())));
    }

    static String rights(Vault vault) {
        return switch (vault.kind()) {
            case VAULT -> vault.rbac() ? "roles" : "access policies";
            case MANAGED_HSM -> "local roles";
        };
    }

    private static Map<String, String> facts(Vault vault) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Resource group", vault.resource().id().resourceGroup());
        facts.put("Region", vault.resource().location());
        facts.put("SKU", vault.sku());
        facts.put("Soft delete", "always on, kept for " + vault.softDeleteDays() + " days");
        facts.put("Purge protection", vault.purgeProtection() ? "on" : "off");
        facts.put("Rights to its keys", "by " + rights(vault));
        return facts;
    }

    private static List<String> warnings(Vault vault) {
        List<String> all = new ArrayList<>();
        if (!vault.purgeProtection()) {
            all.add(
                    "Purge protection is off: a deleted key can be destroyed before its time, and with it everything that"
                            + " is under it. A disk encryption set takes no key of this "
                            + vault.kind().noun() + ".");
        }
        if (vault.kind() == VaultKind.VAULT && !vault.rbac()) {
            all.add(
                    "Access policies decide about its keys. Whoever may write the vault can give itself the use of them."
                            + " Keys of a fleet belong in a vault on roles.");
        }
        return all;
    }

    private static String keysBlind(Vault vault) {
        return switch (vault.kind()) {
            case VAULT ->
                "You may not list its keys. "
                        + (vault.rbac()
                                ? "Key Vault Reader or Key Vault Crypto Officer at the vault allows it."
                                : "The key permission list in an access policy of the vault allows it.");
            case MANAGED_HSM ->
                "You may not list its keys. A local role inside of it allows it, as Managed HSM Crypto Auditor or"
                        + " Managed HSM Crypto User; roles at the subscription give nothing in it.";
        };
    }

    private List<KeyEntry> deleted(Visitor visitor, Vault vault) {
        return desk.may(visitor, vault, KeyPermission.LIST_DELETED, Optional.empty())
                ? desk.services().keys().deleted().list(visitor.call(), vault, Optional.empty(), KEYS + 1)
                : List.of();
    }

    private VaultPage.KeyLine line(Vault vault, KeyEntry entry, Map<KeyId, List<VaultPage.SetLink>> active) {
        KeyId newest = desk.services().keys().keys().id(vault, entry.latest());
        return new VaultPage.KeyLine(
                entry.key().name(),
                desk.href(vault, entry.key().name()),
                type(entry),
                KeyLook.of(newest),
                VersionState.of(entry.latest().attributes(), desk.clock().instant()),
                entry.latest().attributes().expires(),
                active.getOrDefault(desk.allVersions(vault, entry.key().name()), List.of()));
    }

    static String type(KeyEntry entry) {
        return entry.latest().spec().text().replace('/', ' ');
    }

    /** By key, without its version, the sets that have a version of it active. */
    private Map<KeyId, List<VaultPage.SetLink>> active(Visitor visitor, Vault vault) {
        Map<KeyId, List<VaultPage.SetLink>> byKey = new LinkedHashMap<>();
        if (!desk.may(visitor, Action.DISK_SET_READ, desk.all())) {
            return byKey;
        }
        for (KeyUse use : desk.services()
                .keyUses()
                .sets(visitor.call(), desk.subscription().id(), desk.allVersions(vault, ""))) {
            if (use.active()) {
                byKey.computeIfAbsent(desk.allVersions(vault, use.key().name()), _ -> new ArrayList<>())
                        .add(new VaultPage.SetLink(use.set().name(), Links.set(use.set())));
            }
        }
        return byKey;
    }

    private VaultPage.DeletedLine deletedLine(Visitor visitor, Vault vault, KeyEntry entry) {
        String name = entry.key().name();
        var deletion = entry.key().deleted().orElseThrow();
        return new VaultPage.DeletedLine(
                name,
                desk.href(vault, name),
                deletion.at(),
                deletion.purgeAt(),
                desk.may(visitor, vault, KeyPermission.RECOVER, Optional.of(name)),
                !vault.purgeProtection() && desk.may(visitor, vault, KeyPermission.PURGE, Optional.of(name)));
    }
}
