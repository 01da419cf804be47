package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.arm.Regions;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the forms stand on: the routes that answer clients, and what there is to choose from, as the person sees it. */
public record CreateDesk(Entry entry, Node node, ArmClient client, Rights rights, Subscription subscription) {
    private static final int LISTED = 200;
    private static final String SUBSCRIPTION_WIDE_REGION = "local";

    Services services() {
        return node.services();
    }

    Scope all() {
        return Scope.subscription(subscription.id());
    }

    boolean may(Visitor visitor, Action action, Scope at) {
        return rights.may(visitor.call(), action, at);
    }

    /** The first resource groups, by name; none for who may not list them. */
    List<Resource> groups(Visitor visitor) {
        return may(visitor, Action.GROUP_READ, all())
                ? services().groups().page(visitor.call(), subscription.id(), Optional.empty(), LISTED)
                : List.of();
    }

    /** The resource group that something goes into: chosen, or typed by who may list none. */
    Field group(Visitor visitor, Typed typed) {
        List<Resource> groups = groups(visitor);
        String value = typed.text(
                ArmForm.GROUP, groups.size() == 1 ? groups.getFirst().id().name() : "");
        if (groups.isEmpty() || groups.size() == LISTED) {
            return Field.text(ArmForm.GROUP, "Resource group", value, "The name of one that is there.");
        }
        List<Option> options = new ArrayList<>();
        options.add(new Option("", "Choose"));
        groups.forEach(g -> options.add(new Option(g.id().name(), g.id().name() + " (" + g.location() + ")")));
        boolean known = groups.stream().anyMatch(g -> g.id().name().equalsIgnoreCase(value));
        if (!known && !value.isEmpty()) {
            options.add(Option.of(value));
        }
        String spelt = groups.stream()
                .map(g -> g.id().name())
                .filter(value::equalsIgnoreCase)
                .findFirst()
                .orElse(value);
        return Field.select(ArmForm.GROUP, "Resource group", spelt, options, "");
    }

    /** Where a form is left to make a group, and comes back with it. */
    Optional<FormPage.Aside> newGroup(Visitor visitor, String form) {
        return may(visitor, Action.GROUP_WRITE, all())
                ? Optional.of(new FormPage.Aside(
                        groups(visitor).isEmpty()
                                ? "There is no resource group that you see."
                                : "It goes into a resource group that is there.",
                        "Make a new resource group",
                        GroupForm.ADDRESS + "?then=" + Links.part(form)))
                : Optional.empty();
    }

    /** A region: that of the chosen group, or of the first one, as long as none was typed. */
    Field region(Visitor visitor, Typed typed) {
        List<Resource> groups = groups(visitor);
        String group = typed.text(ArmForm.GROUP);
        String fallback = groups.stream()
                .filter(g -> group.isEmpty() || g.id().name().equalsIgnoreCase(group))
                .map(Resource::location)
                .findFirst()
                .orElse(SUBSCRIPTION_WIDE_REGION);
        List<Option> regions = Regions.with(
                        groups.stream().map(Resource::location).toList())
                .entrySet()
                .stream()
                .map(e -> new Option(e.getKey(), e.getValue()))
                .toList();
        return Field.text(
                        ArmForm.LOCATION,
                        "Region",
                        typed.text(ArmForm.LOCATION, fallback),
                        "A set, its key's vault, its VMs and their disks are in one region.")
                .suggesting(regions);
    }

    /** The first disk encryption sets that the person may see, by their ids. */
    List<Option> sets(Visitor visitor) {
        if (!may(visitor, Action.DISK_SET_READ, all())) {
            return List.of();
        }
        return services()
                .sets()
                .page(visitor.call(), subscription.id(), Optional.empty(), Optional.empty(), LISTED)
                .stream()
                .map(s -> s.set().id())
                .map(id -> new Option(id.toString(), id.name() + " (" + id.resourceGroup() + ")"))
                .toList();
    }

    /** The first managed images that the person may see, by their ids. */
    List<Option> images(Visitor visitor) {
        if (!may(visitor, Action.IMAGE_READ, all())) {
            return List.of();
        }
        return services()
                .images()
                .page(visitor.call(), subscription.id(), Optional.empty(), Optional.empty(), LISTED)
                .stream()
                .map(i -> i.id())
                .map(id -> new Option(id.toString(), "image " + id.name() + " (" + id.resourceGroup() + ")"))
                .toList();
    }

    /** As an id where it is one, and else of the group and name that it says. */
    ArmId in(String group, String type, String name) {
        return new ArmId(subscription.id(), group, type, name);
    }
}
