package dev.keyturn.server.portal.create;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmView;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.create.Field.Option;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.resources.VmDisks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A data disk for the VM that the address names: a new one that is made with it, or one that is there. It sends a PATCH with
 * the disks that the VM has and this one, on condition that the VM is as it was read.
 */
final class DataDiskForm implements Form {
    private static final String NAME = "disk";
    private static final String SIZE = "size";
    private static final String EXISTING = "existing";
    private static final int LISTED = 200;

    private final CreateDesk desk;

    DataDiskForm(CreateDesk desk) {
        this.desk = desk;
    }

    static String address(ArmId vm) {
        return Links.vm(vm) + "/new-disk";
    }

    private ArmId vm(Visitor visitor) {
        return desk.in(
                visitor.request().variable("group"),
                ConfidentialVm.TYPE,
                visitor.request().variable("name"));
    }

    @Override
    public About about() {
        return new About(
                Links.VMS + "/{group}/{name}/new-disk",
                "Data disk",
                "Attach it",
                Links.VMS,
                "Virtual machines",
                List.of(
                        "A new disk is made under the VM's disk encryption set; a disk that is there must be under the same."));
    }

    @Override
    public String title(Visitor visitor) {
        return "Data disk for " + vm(visitor).name();
    }

    @Override
    public List<FormPage.Crumb> inside(Visitor visitor) {
        return List.of(new FormPage.Crumb(vm(visitor).name(), back(visitor)));
    }

    @Override
    public String back(Visitor visitor) {
        return Links.vm(vm(visitor));
    }

    @Override
    public List<Field> fields(Visitor visitor, Typed typed) {
        List<Option> disks = new ArrayList<>();
        disks.add(new Option("", "none: make a new one"));
        disks.addAll(unattached(visitor));
        String chosen = typed.text(EXISTING);
        if (disks.stream().noneMatch(d -> d.value().equalsIgnoreCase(chosen))) {
            disks.add(Option.of(chosen));
        }
        return List.of(
                Field.select(EXISTING, "A disk that is there", chosen, disks, "")
                        .optional(),
                Field.text(NAME, "Name of a new disk", typed.text(NAME), "Made up where it is empty.")
                        .optional(),
                Field.text(SIZE, "Size of a new disk, GiB", typed.text(SIZE, "32"), "")
                        .optional());
    }

    /** Those that the person may see, under the VM's set, and that no VM has. */
    private List<Option> unattached(Visitor visitor) {
        VmView view = desk.services().vms().get(visitor.call(), vm(visitor));
        ArmId group = view.vm().id().group();
        if (!desk.may(visitor, Action.DISK_READ, Scope.of(group))) {
            return List.of();
        }
        return desk
                .services()
                .disks()
                .page(visitor.call(), desk.subscription().id(), Optional.of(group.name()), Optional.empty(), LISTED)
                .stream()
                .map(d -> d.disk())
                .filter(d ->
                        d.vm().isEmpty() && !d.os() && d.set().equals(view.vm().set()))
                .map(Disk::id)
                .map(id -> new Option(id.toString(), id.name()))
                .toList();
    }

    @Override
    public void require(Visitor visitor, Typed typed) {
        desk.services().doors().require(visitor.call(), Action.VM_WRITE, Scope.of(vm(visitor)));
    }

    @Override
    public void rehearse(Visitor visitor, Typed typed, Call call) {
        send(visitor, typed, call);
    }

    @Override
    public String make(Visitor visitor, Typed typed) {
        if (send(visitor, typed, visitor.call()).status() >= 300) {
            throw new IllegalStateException("a PATCH that was not refused was answered as if it was");
        }
        return Links.vm(vm(visitor));
    }

    @Override
    public Optional<Step> step(Visitor visitor, Typed typed) {
        return new VmDisks(desk.client())
                .withOneMore(visitor, vm(visitor), disk(visitor, typed))
                .map(body -> Step.of(visitor.request(), about().button(), "PATCH", vm(visitor), "", Step.VMS)
                        .sending(Json.text(body)));
    }

    private Response send(Visitor visitor, Typed typed, Call call) {
        return new VmDisks(desk.client()).attach(visitor, call, vm(visitor), disk(visitor, typed));
    }

    private ObjectNode disk(Visitor visitor, Typed typed) {
        String existing = typed.text(EXISTING);
        if (!existing.isEmpty()) {
            return VmDisks.existing(existing);
        }
        ObjectNode disk = Json.object().put("createOption", "Empty");
        ArmForm.text(disk, "name", typed.text(NAME));
        ArmForm.number(disk, "diskSizeGB", typed.text(SIZE));
        desk.services()
                .vms()
                .get(visitor.call(), vm(visitor))
                .vm()
                .set()
                .ifPresent(set -> disk.putObject("managedDisk")
                        .putObject("diskEncryptionSet")
                        .put("id", set.toString()));
        return disk;
    }

    @Override
    public List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        return typed.text(EXISTING).isEmpty() && typed.text(SIZE).isEmpty()
                ? List.of(DomainError.field(SIZE, "A new disk needs a size in GiB."))
                : List.of();
    }

    @Override
    public Optional<String> field(ErrorInfo error, Typed typed) {
        String target = error.target().orElse("");
        if (target.equals(SIZE) || target.endsWith(".diskSizeGB")) {
            return Optional.of(SIZE);
        }
        if (target.endsWith("].name")) {
            return Optional.of(NAME);
        }
        boolean own = !target.isEmpty() && target.equalsIgnoreCase(typed.text(EXISTING));
        return (own || target.contains("managedDisk")) ? Optional.of(EXISTING) : Optional.empty();
    }
}
