package dev.keyturn.server.portal.resources;

import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End;
import dev.keyturn.server.portal.ends.End.Part;
import dev.keyturn.server.portal.ends.End.Way;
import dev.keyturn.server.portal.ends.Ends;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Condition;
import dev.keyturn.server.portal.frame.Fingerprint;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Noun;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Resource groups: all of them, one with what is in it, and its deletion with everything in it. */
final class GroupPages {
    private static final String ONE = Links.RESOURCE_GROUPS + "/{group}";
    private static final String VERSION = "2022-09-01";
    private static final String TITLE = "Resource groups";
    private static final int SHOWN = 100;
    /** More than anybody reads through before a deletion; that there are others is said. */
    private static final int TOLD = 500;

    private final ResourceDesk desk;
    private final Ends ends;

    GroupPages(ResourceDesk desk) {
        this.desk = desk;
        this.ends = new Ends(desk.entry());
    }

    void addTo(Routes routes) {
        desk.entry().page(routes, Links.RESOURCE_GROUPS, this::list);
        desk.entry().page(routes, ONE, this::show);
        desk.entry().page(routes, ONE + "/delete", v -> {
            desk.require(v, Action.GROUP_DELETE, desk.group(v));
            return ends.page(v, deleting(v));
        });
        desk.entry().form(routes, ONE + "/delete", v -> {
            desk.require(v, Action.GROUP_DELETE, desk.group(v));
            return ends.confirmed(v, () -> deleting(v), _ -> {
                desk.services().groups().delete(v.call(), desk.group(v), Precondition.NONE);
                return Html.to(Links.OPERATIONS);
            });
        });
    }

    private Step step(Visitor visitor, String what, String method, String more, String az) {
        ArmId group = desk.group(visitor);
        return Step.of(visitor.request(), what, method, group, more, VERSION)
                .by(Az.of("group", az).with("--name", group.resourceGroup()));
    }

    private Response list(Visitor visitor) {
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<Resource> groups = desk.services()
                .groups()
                .page(visitor.call(), desk.subscription().id(), after, SHOWN + 1);
        Optional<String> blind = desk.mayAnywhere(visitor, Action.GROUP_READ)
                ? Optional.empty()
                : Optional.of(Links.partly("resource groups"));
        GroupListPage page = new GroupListPage(
                groups.stream()
                        .limit(SHOWN)
                        .map(g -> new GroupListPage.Line(
                                g.id().name(),
                                Links.resourceGroup(g.id().name()),
                                g.location(),
                                Condition.of(g.state())))
                        .toList(),
                groups.size() > SHOWN
                        ? Optional.of(Links.RESOURCE_GROUPS + "?after="
                                + Links.part(groups.get(SHOWN - 1).id().key()))
                        : Optional.empty(),
                blind,
                desk.mayAnywhere(visitor, Action.GROUP_WRITE)
                        ? Optional.of(Links.create("group") + "?then=" + Links.RESOURCE_GROUPS)
                        : Optional.empty());
        Step same = Step.arm(
                        visitor.request(),
                        "List the resource groups",
                        "GET",
                        ArmId.subscription(desk.subscription().id()) + "/resourceGroups",
                        VERSION)
                .by(Az.of("group", "list"));
        return desk.entry()
                .html()
                .page(
                        200,
                        "resource-groups",
                        desk.entry()
                                .frame(visitor, TITLE, Links.RESOURCE_GROUPS, Optional.empty())
                                .with(same),
                        page);
    }

    private Response show(Visitor visitor) {
        Resource group = desk.services().groups().get(visitor.call(), desk.group(visitor));
        String href = Links.resourceGroup(group.id().name());
        List<Resource> found = List.of();
        Optional<String> blind = Optional.empty();
        try {
            found = contents(visitor, visitor.request().query("after").filter(a -> !a.isEmpty()), SHOWN + 1);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Forbidden)) {
                throw e;
            }
            blind = Optional.of("You may not list what is in it. Reader at it allows that.");
        }
        GroupPage page = new GroupPage(
                group.id().name(),
                group.id().toString(),
                href,
                group.location(),
                group.state() == ProvisioningState.DELETING,
                found.stream()
                        .limit(SHOWN)
                        .map(r -> new GroupPage.Line(
                                r.id().name(),
                                Links.resource(r.id()),
                                Noun.of(r.id()),
                                r.location(),
                                Condition.of(r.state())))
                        .toList(),
                found.size() > SHOWN
                        ? Optional.of(href + "?after="
                                + Links.part(found.get(SHOWN - 1).id().key()))
                        : Optional.empty(),
                blind,
                Links.access(group.id().toString()),
                desk.may(visitor, Action.GROUP_DELETE, group.id()) ? Optional.of(href + "/delete") : Optional.empty());
        return desk.entry()
                .html()
                .page(
                        200,
                        "resource-group",
                        desk.entry()
                                .frame(visitor, page.name(), Links.RESOURCE_GROUPS, Optional.empty())
                                .with(
                                        step(visitor, "Show it", "GET", "", "show"),
                                        Step.of(
                                                        visitor.request(),
                                                        "List what is in it",
                                                        "GET",
                                                        group.id(),
                                                        "/resources",
                                                        VERSION)
                                                .by(Az.of("resource", "list")
                                                        .with(
                                                                "--resource-group",
                                                                group.id().name()))),
                        page);
    }

    private List<Resource> contents(Visitor visitor, Optional<String> after, int limit) {
        return desk
                .services()
                .generic()
                .all(
                        visitor.call(),
                        desk.subscription().id(),
                        Optional.of(desk.group(visitor).resourceGroup()),
                        Optional.empty(),
                        after,
                        limit)
                .stream()
                .filter(r -> !r.id().isGroup())
                .toList();
    }

    private End deleting(Visitor visitor) {
        Resource group = desk.services().groups().get(visitor.call(), desk.group(visitor));
        List<Resource> all = contents(visitor, Optional.empty(), TOLD + 1);
        List<Part> parts = new ArrayList<>(
                all.stream().limit(TOLD).map(r -> part(visitor, r)).toList());
        long count = desk.services().generic().count(visitor.call(), group.id());
        if (count > parts.size()) {
            parts.add(new Part("and " + (count - parts.size()) + " others", "", "are deleted too"));
        }
        return End.of(
                        Links.RESOURCE_GROUPS,
                        List.of(
                                new Way(TITLE, Links.RESOURCE_GROUPS),
                                new Way(
                                        group.id().name(),
                                        Links.resourceGroup(group.id().name()))),
                        "Delete the resource group " + group.id().name(),
                        "Delete it with everything in it",
                        Links.resourceGroup(group.id().name()) + "/delete",
                        group.id().name())
                .saying(
                        all.isEmpty()
                                ? "Nothing is in it. The roles that were given at it go with it."
                                : "Everything in it is deleted, and only its vaults can be brought back: running VMs are"
                                        + " switched off, and nothing that was encrypted for them can ever be opened"
                                        + " again. The roles that were given at it go with it.")
                .with(parts, now(count, all.stream().map(Resource::id).toList()))
                .by(step(visitor, "Delete it with everything in it", "DELETE", "", "delete"))
                .unless(
                        group.state() == ProvisioningState.DELETING
                                ? Optional.of("It is being deleted already.")
                                : Optional.empty())
                .end();
    }

    /** What is in it, in few characters: not how it is, which changes while VMs run. */
    static String now(long count, List<ArmId> some) {
        return count + "." + Fingerprint.of(some.stream().map(ArmId::key).toList());
    }

    private Part part(Visitor visitor, Resource resource) {
        ArmId id = resource.id();
        String name = id.name() + ", " + Noun.of(id);
        return new Part(
                name, Links.resource(id), vault(id).map(v -> vault(visitor, v)).orElse("is deleted for ever"));
    }

    private Optional<Vault> vault(ArmId id) {
        for (VaultKind kind : VaultKind.values()) {
            if (id.hasType(kind.type())) {
                return desk.services().vaults().named(kind, id.name());
            }
        }
        return Optional.empty();
    }

    private String vault(Visitor visitor, Vault vault) {
        String back =
                "can be recovered for " + vault.softDeleteDays() + " days once a group of this name is there again";
        if (!desk.mayAnywhere(visitor, Action.DISK_SET_READ)) {
            return "is deleted, and " + back + ", unless a set elsewhere needs a key of it, which you may not see: then"
                    + " it stays, and the group with it";
        }
        List<String> outside = desk
                .services()
                .keyUses()
                .sets(
                        visitor.call(),
                        desk.subscription().id(),
                        desk.services().vaults().hosts().keyId(vault, "", ""))
                .stream()
                .filter(use -> use.artifacts() > 0)
                .map(KeyUse::set)
                .filter(set -> !set.group().equals(vault.resource().id().group()))
                .map(set -> set.name() + " in " + set.resourceGroup())
                .distinct()
                .toList();
        return outside.isEmpty()
                ? "is deleted, and " + back
                : "stays, and the group with it, when the rest is gone: it has keys that " + String.join(", ", outside)
                        + (outside.size() == 1 ? " needs" : " need");
    }
}
