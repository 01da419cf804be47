package dev.keyturn.server.portal.resources;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.disk.DiskView;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End.Way;
import dev.keyturn.server.portal.frame.Condition;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One disk, whether a VM has it or not: what it is under, and the VM that it is attached to. */
final class DiskPages {
    private static final String ONE = Links.DISKS + "/{group}/{name}";
    private static final int VMS = 200;

    private final ResourceDesk desk;
    private final VmDisks disks;

    DiskPages(ResourceDesk desk) {
        this.desk = desk;
        this.disks = new VmDisks(desk.client());
    }

    void addTo(Routes routes) {
        desk.entry().page(routes, ONE, v -> show(200, v, "", List.of()));
        desk.entry().form(routes, ONE + "/attach", this::attach);
        desk.entry().form(routes, ONE + "/detach", this::detach);
    }

    private Response attach(Visitor visitor) {
        Disk disk = find(visitor).view().disk();
        String typed = visitor.request().form().getOrDefault("vm", "").strip();
        Optional<ArmId> vm = vm(typed);
        if (vm.isEmpty()) {
            return show(400, visitor, typed, List.of("Which VM? Its resource group and name: group/name."));
        }
        return done(visitor, disk, typed, () -> disks.attach(visitor, visitor.call(), vm.get(), disk.id()));
    }

    private Optional<ArmId> vm(String text) {
        String[] parts = text.split("/", -1);
        return parts.length == 2 && Stream.of(parts).noneMatch(String::isBlank)
                ? Optional.of(
                        new ArmId(desk.subscription().id(), parts[0].strip(), ConfidentialVm.TYPE, parts[1].strip()))
                : Optional.empty();
    }

    private Response detach(Visitor visitor) {
        Disk disk = find(visitor).view().disk();
        ArmId vm = disk.vm()
                .orElseThrow(() -> DomainError.notAllowed("Disk '" + disk.id().name() + "' is attached to no VM.")
                        .asException());
        return done(visitor, disk, "", () -> disks.detach(visitor, visitor.call(), vm, disk.id()));
    }

    /** What the API refuses for a reason that lies with the disk or the VM is told on the page of the disk. */
    private Response done(Visitor visitor, Disk disk, String typed, Runnable deed) {
        try {
            deed.run();
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Forbidden) {
                throw e;
            }
            ErrorInfo info = e.error().info();
            List<String> problems = info.details().isEmpty()
                    ? List.of(info.message())
                    : info.details().stream().map(ErrorInfo::message).toList();
            return show(ErrorStatus.of(e.error()), visitor, typed, problems);
        }
        return Html.to(Links.disk(disk.id()));
    }

    private DiskService.Keyed find(Visitor visitor) {
        return desk.services().disks().keyed(visitor.call(), desk.id(visitor, Disk.TYPE));
    }

    private Response show(int status, Visitor visitor, String typed, List<String> problems) {
        DiskPage page = page(visitor, find(visitor), typed, problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "disk",
                        desk.entry()
                                .frame(visitor, page.name(), Links.DISKS, Optional.empty())
                                .with(DiskSteps.one(visitor.request(), desk.id(visitor, Disk.TYPE))),
                        page);
    }

    private DiskPage page(Visitor visitor, DiskService.Keyed keyed, String typed, List<String> problems) {
        DiskView view = keyed.view();
        Disk disk = view.disk();
        boolean moving = disk.head().state().busy();
        Condition is = Condition.of(disk.head().state());
        boolean whole = disk.head().state() == ProvisioningState.SUCCEEDED;
        return new DiskPage(
                disk.id().name(),
                disk.id().resourceGroup(),
                disk.id().toString(),
                Links.disk(disk.id()),
                whole ? view.state().wire() : is.word(),
                is.mark(),
                moving,
                facts(disk),
                disk.vm().map(vm -> new Way(vm.name(), Links.vm(vm))),
                disk.set().map(set -> new Way(set.name(), Links.set(set))),
                keyed.artifact()
                        .map(a -> new DiskPage.Part(
                                a.artifact().kind().words(),
                                a.key().map(KeyLook::of),
                                a.artifact().host())),
                whole && disk.vm().isEmpty() && !disk.os() ? attachable(visitor, disk) : Optional.empty(),
                typed,
                disk.vm()
                        .filter(vm -> !disk.os() && desk.may(visitor, Action.VM_WRITE, vm))
                        .isPresent(),
                desk.may(visitor, Action.DISK_DELETE, disk.id())
                        ? Optional.of(Links.disk(disk.id()) + "/delete")
                        : Optional.empty(),
                problems);
    }

    private static Map<String, String> facts(Disk disk) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Kind", use(disk));
        facts.put("Size", disk.sizeGb() + " GiB");
        facts.put("Region", disk.head().location());
        facts.put("Host", disk.host());
        if (disk.vm().isPresent()) {
            facts.put("When its VM is deleted", disk.deleteWithVm() ? "it is deleted too" : "it stays");
        }
        return facts;
    }

    static String use(Disk disk) {
        return disk.os()
                ? "OS disk"
                : disk.lun().map(n -> "data disk, lun " + n).orElse("data disk");
    }

    /** VMs under the same set that the person may change; absent for who may change none in the disk's own group. */
    private Optional<List<String>> attachable(Visitor visitor, Disk disk) {
        List<ArmId> same = desk.mayAnywhere(visitor, Action.VM_READ)
                ? desk
                        .services()
                        .fleet()
                        .find(
                                visitor.call(),
                                desk.subscription().id(),
                                disk.set().map(VmFilter.ALL::of).orElseGet(VmFilter.ALL::ofNoSet),
                                Optional.empty(),
                                VMS)
                        .stream()
                        .map(ConfidentialVm::id)
                        .filter(vm -> desk.may(visitor, Action.VM_WRITE, vm))
                        .toList()
                : List.of();
        return !same.isEmpty() || desk.may(visitor, Action.VM_WRITE, disk.id().group())
                ? Optional.of(same.stream()
                        .map(vm -> vm.resourceGroup() + "/" + vm.name())
                        .toList())
                : Optional.empty();
    }
}
