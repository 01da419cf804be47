package dev.keyturn.server.portal.resources;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskFilter;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End.Way;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/** The list of disks, those among them that no VM has. */
final class DiskList {
    private static final int SHOWN = 50;

    private final ResourceDesk desk;

    DiskList(ResourceDesk desk) {
        this.desk = desk;
    }

    void addTo(Routes routes) {
        desk.entry().page(routes, Links.DISKS, this::list);
    }

    private Response list(Visitor visitor) {
        String name = visitor.request().query("name").orElse("").strip();
        String group = visitor.request().query("group").orElse("").strip();
        boolean free = visitor.request().query("free").isPresent();
        Optional<String> in = Optional.of(group).filter(Links::isSegment);
        List<Disk> found = List.of();
        Optional<String> blind =
                group.isEmpty() || in.isPresent() ? Optional.empty() : Optional.of(Links.noGroup(group));
        try {
            if (blind.isEmpty()) {
                found = found(visitor, name, in, free);
                blind = group.isEmpty() && !desk.mayAnywhere(visitor, Action.DISK_READ)
                        ? Optional.of(Links.partly("disks"))
                        : Optional.empty();
            }
        } catch (DomainException e) {
            blind = Optional.of(
                    switch (e.error()) {
                        case DomainError.Forbidden _ -> forbidden(group);
                        case DomainError.NotFound missing -> missing.info().message();
                        default -> throw e;
                    });
        }
        List<Disk> shown = found.subList(0, Math.min(SHOWN, found.size()));
        DiskListPage page = new DiskListPage(
                name,
                group,
                free,
                shown.stream().map(DiskList::line).toList(),
                found.size() > SHOWN
                        ? Optional.of(Links.DISKS + "?name=" + Links.part(name) + "&group=" + Links.part(group)
                                + (free ? "&free=1" : "") + "&after="
                                + Links.part(shown.getLast().id().key()))
                        : Optional.empty(),
                blind,
                desk.rights()
                                .may(
                                        visitor.call(),
                                        Action.DISK_WRITE,
                                        Scope.of(desk.subscription().id(), in))
                        ? Optional.of(Links.create("disk"))
                        : Optional.empty());
        return desk.entry()
                .html()
                .page(
                        200,
                        "disks",
                        desk.entry()
                                .frame(visitor, "Disks", Links.DISKS, Optional.empty())
                                .with(DiskSteps.list(
                                        visitor.request(), desk.subscription().id())),
                        page);
    }

    private static String forbidden(String group) {
        return "You may not list the disks of resource group '" + group + "'. Reader at it allows that.";
    }

    private List<Disk> found(Visitor visitor, String wanted, Optional<String> in, boolean free) {
        return desk.services()
                .disks()
                .find(
                        visitor.call(),
                        desk.subscription().id(),
                        in,
                        new DiskFilter(wanted, free),
                        visitor.request().query("after").filter(a -> !a.isEmpty()),
                        SHOWN + 1);
    }

    private static DiskListPage.Line line(Disk disk) {
        return new DiskListPage.Line(
                disk.id().name(),
                Links.disk(disk.id()),
                disk.id().resourceGroup(),
                DiskPages.use(disk),
                disk.sizeGb(),
                disk.vm().map(vm -> new Way(vm.name(), Links.vm(vm))),
                disk.set().map(set -> new Way(set.name(), Links.set(set))));
    }
}
