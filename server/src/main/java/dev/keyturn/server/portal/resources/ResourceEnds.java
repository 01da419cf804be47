package dev.keyturn.server.portal.resources;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmView;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End;
import dev.keyturn.server.portal.ends.End.Part;
import dev.keyturn.server.portal.ends.End.Way;
import dev.keyturn.server.portal.ends.Ends;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Count;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** VMs, disks and disk encryption sets deleted, each after a page that tells what goes with it and what stays. */
final class ResourceEnds {
    private static final int NAMED = 20;
    private static final int COUNTED = 1000;

    private final ResourceDesk desk;
    private final Ends ends;

    ResourceEnds(ResourceDesk desk) {
        this.desk = desk;
        this.ends = new Ends(desk.entry());
    }

    /** One sort of resource: where all of them are, and what clients call it. */
    private record Sort(String all, String type, Action right, String version, String az) {}

    @FunctionalInterface
    private interface Deletion {
        /** Whether there was one. */
        boolean of(Visitor visitor, ArmId id, Precondition when);
    }

    void addTo(Routes routes) {
        add(
                routes,
                new Sort(Links.VMS, ConfidentialVm.TYPE, Action.VM_DELETE, Step.VMS, "vm"),
                this::vm,
                (v, id, when) ->
                        desk.services().vms().delete(v.call(), id, when).isPresent(),
                Links.OPERATIONS);
        add(
                routes,
                new Sort(Links.DISKS, Disk.TYPE, Action.DISK_DELETE, Step.DISKS, "disk"),
                this::disk,
                (v, id, when) ->
                        desk.services().disks().delete(v.call(), id, when).isPresent(),
                Links.OPERATIONS);
        add(
                routes,
                new Sort(Links.SETS, DiskEncryptionSet.TYPE, Action.DISK_SET_DELETE, Step.DISKS, "disk-encryption-set"),
                this::set,
                (v, id, when) ->
                        desk.services().sets().delete(v.call(), id, when).isPresent(),
                Links.SETS);
    }

    /** @param then where to go on: what takes a while is seen among the operations */
    private void add(Routes routes, Sort sort, Function<Visitor, End.Draft> end, Deletion deletion, String then) {
        String pattern = sort.all() + "/{group}/{name}/delete";
        desk.entry().page(routes, pattern, v -> {
            ArmId id = desk.id(v, sort.type());
            desk.require(v, sort.right(), id);
            return ends.page(v, whole(v, sort, end));
        });
        desk.entry().form(routes, pattern, v -> {
            ArmId id = desk.id(v, sort.type());
            desk.require(v, sort.right(), id);
            return ends.confirmed(v, () -> whole(v, sort, end), told -> {
                boolean there = deletion.of(v, id, Precondition.revision(Long.parseLong(told.seen())));
                return Html.to(there ? then : sort.all());
            });
        });
    }

    private End whole(Visitor visitor, Sort sort, Function<Visitor, End.Draft> end) {
        ArmId id = desk.id(visitor, sort.type());
        return end.apply(visitor)
                .by(Step.of(visitor.request(), "Delete it", "DELETE", id, "", sort.version())
                        .by(Az.of(sort.az(), "delete")
                                .with("--resource-group", id.resourceGroup())
                                .with("--name", id.name())))
                .end();
    }

    private static End.Draft end(String noun, Resource head, String all, String allTitle, String one) {
        return End.of(
                all,
                List.of(new Way(allTitle, all), new Way(head.id().name(), one)),
                "Delete the " + noun + " " + head.id().name(),
                "Delete it",
                one + "/delete",
                head.id().name());
    }

    private static String at(Resource head) {
        return Long.toString(head.revision());
    }

    private End.Draft vm(Visitor visitor) {
        VmView view = desk.services().vms().get(visitor.call(), desk.id(visitor, ConfidentialVm.TYPE));
        ConfidentialVm vm = view.vm();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("Guest state", "", "is destroyed: firmware settings and the virtual TPM with its secrets"));
        for (Disk disk : view.disks()) {
            parts.add(new Part(
                    disk.id().name(),
                    Links.disk(disk.id()),
                    disk.deleteWithVm()
                            ? "is deleted with it, and can never be read again"
                            : "stays as a disk that no VM has, under its key"));
        }
        End.Draft end = end("virtual machine", vm.head(), Links.VMS, "Virtual machines", Links.vm(vm.id()));
        if (!vm.power().stopped()) {
            end.saying("It is not stopped. It is switched off at once, without being shut down: what it has not written"
                    + " is lost, also on disks that stay.");
        }
        return end.saying("Nobody can bring it back, and nothing that goes with it can ever be opened again.")
                .with(parts, at(vm.head()));
    }

    private End.Draft disk(Visitor visitor) {
        Disk disk = desk.services()
                .disks()
                .get(visitor.call(), desk.id(visitor, Disk.TYPE))
                .disk();
        return end("disk", disk.head(), Links.DISKS, "Disks", Links.disk(disk.id()))
                .saying(
                        "Its data key and its image are destroyed. Nobody can bring them back: what is on it can never be"
                                + " read again, nor any copy or backup of it.")
                .with(List.of(), at(disk.head()))
                .unless(disk.vm()
                        .map(vm -> "It is attached to the VM " + vm.name() + ". Detach it first, or delete the VM."));
    }

    private End.Draft set(Visitor visitor) {
        ArmId id = desk.id(visitor, DiskEncryptionSet.TYPE);
        Census census = desk.services().sets().census(visitor.call(), id);
        DiskEncryptionSet set = census.set();
        List<ArmId> users = desk.services().sets().associated(visitor.call(), set.id(), Optional.empty(), COUNTED + 1);
        List<Part> parts = new ArrayList<>();
        users.stream()
                .limit(NAMED)
                .forEach(d -> parts.add(new Part(d.name(), Links.disk(d), "keeps the set from being deleted")));
        if (users.size() > NAMED) {
            parts.add(new Part(
                    "and " + (users.size() > COUNTED ? "more than " + (COUNTED - NAMED) : users.size() - NAMED)
                            + " more",
                    "",
                    "keep it too"));
        }
        End.Draft end = end("disk encryption set", set.head(), Links.SETS, "Disk encryption sets", Links.set(set.id()));
        if (set.identity().own().isPresent()) {
            end.saying("Its own identity is deleted with it, and every role that was given to that.");
        }
        return end.saying("Its key stays where it is, with all its versions.")
                .with(parts, at(set.head()))
                .unless(
                        census.total() > 0 || !users.isEmpty()
                                ? Optional.of(Count.of(census.total(), "artifact is", "artifacts are")
                                        + " under it. Delete the VMs and disks that have them first.")
                                : Optional.empty());
    }
}
