package dev.keyturn.server.portal.vms;

import dev.keyturn.core.artifact.KeyedArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.power.SerialConsole;
import dev.keyturn.core.rotation.ArtifactPast;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.InstanceView;
import dev.keyturn.core.vm.VmService;
import dev.keyturn.server.arm.compute.ConsoleRoutes;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Askers;
import dev.keyturn.server.portal.frame.Condition;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.operations.OperationLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The page of one VM, and its serial console. */
public final class VmDetails {
    private static final String ONE = Links.VMS + "/{group}/{name}";
    /** Of a console: more than a person reads from its end, and little enough to be sent every two seconds. */
    private static final int CONSOLE = 64 << 10;
    /** What terminals are told beside text (ECMA-48: window titles, colours, cursor), and controls but tab and newline. */
    private static final Pattern NOT_TEXT = Pattern.compile("\u001b\\][^\u0007\u001b\n]{0,200}(\u0007|\u001b\\\\)"
            + "|\u001b\\[[0-?]*[ -/]*[@-~]|\u001b[@-Z\\\\-_]|[\\p{Cntrl}&&[^\n\t]]");

    private final Entry entry;
    private final VmNames names;
    private final VmService vms;
    private final FleetService fleet;
    private final ArtifactPast pasts;
    private final SerialConsole consoles;
    private final Rights rights;

    public VmDetails(
            Entry entry,
            VmNames names,
            VmService vms,
            FleetService fleet,
            ArtifactPast pasts,
            SerialConsole consoles,
            Rights rights) {
        this.entry = entry;
        this.names = names;
        this.vms = vms;
        this.fleet = fleet;
        this.pasts = pasts;
        this.consoles = consoles;
        this.rights = rights;
    }

    public void addTo(Routes routes) {
        entry.page(routes, ONE, this::show);
        entry.page(routes, ONE + "/console", this::console);
    }

    private ArmId id(Visitor visitor) {
        return names.one(visitor.request().variable("group"), visitor.request().variable("name"));
    }

    private Response show(Visitor visitor) {
        ArmId id = id(visitor);
        VmPage page = page(visitor.call(), id);
        List<VmAct> may = Arrays.stream(VmAct.values())
                .filter(act -> may(visitor.call(), act.action(), id))
                .toList();
        Frame frame = entry.frame(visitor, page.vm().name(), Links.VMS, Optional.empty())
                .with(VmSteps.one(visitor.request(), ArmId.parse(page.id()).orElse(id), may));
        return entry.html().page(200, "vm", frame, page);
    }

    private VmPage page(Call call, ArmId id) {
        VmService.Whole whole = vms.whole(call, id);
        FleetService.AtWork now = fleet.at(call, List.of(id)).stream()
                .findFirst()
                .orElseThrow(() -> DomainError.notFound(id).asException());
        ConfidentialVm vm = now.vm();
        ArtifactPast.Past past = pasts.of(call, vm.id());
        Askers askers = entry.askers(
                past.operations().stream().map(Operation::requestedBy).toList());
        return new VmPage(
                VmRow.of(vm, whole.instance().unknown()),
                vm.id().toString(),
                may(call, Action.VM_DELETE, id) ? Optional.of(Links.vm(vm.id()) + "/delete") : Optional.empty(),
                facts(vm, whole.instance()),
                new TreeMap<>(vm.head().tags()),
                vm.fault().map(VmPage.Fault::of),
                whole.instance().warnings().stream().map(ErrorInfo::message).toList(),
                vms.artifacts(call, id).artifacts().stream()
                        .map(a -> part(a, past))
                        .toList(),
                whole.view().disks().stream().map(VmDetails::disk).toList(),
                now.operation().map(this::work),
                past.operations().stream().map(o -> OperationLine.of(o, askers)).toList(),
                past.byItself(),
                past.crashes().stream()
                        .filter(c -> !past.byItself() || !c.at().equals(vm.powerSince()))
                        .toList(),
                acts(call, now),
                may(call, Action.VM_CONSOLE_READ, id) ? Optional.of(Links.vm(vm.id()) + "/console") : Optional.empty(),
                may(call, Action.VM_WRITE, id) ? Optional.of(Links.vm(vm.id()) + "/new-disk") : Optional.empty());
    }

    private static Map<String, String> facts(ConfidentialVm vm, InstanceView instance) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Host", vm.host() + " (" + instance.hostLabel() + ")");
        facts.put("Size", vm.hardware().size().orElse("not said"));
        facts.put("Secure boot", vm.hardware().secureBoot() ? "on" : "off");
        facts.put(
                "Encrypted",
                switch (vm.encryption()) {
                    case DISK_WITH_VM_GUEST_STATE -> "disks and guest state";
                    case VM_GUEST_STATE_ONLY -> "guest state alone";
                });
        facts.put("Region", vm.head().location());
        facts.put("Provisioning state", Condition.of(vm.head().state()).word());
        // which host it is stands above already
        new TreeMap<>(instance.notes()).forEach((name, note) -> facts.putIfAbsent(capitalized(name), note));
        return facts;
    }

    private static VmPage.KeyedPart part(KeyedArtifact keyed, ArtifactPast.Past past) {
        String kind = keyed.artifact().kind().words();
        return new VmPage.KeyedPart(
                capitalized(kind),
                keyed.artifact().kind().attachable()
                        ? Optional.of(new VmPage.Owner(
                                keyed.artifact().owner().name(),
                                Links.disk(keyed.artifact().owner())))
                        : Optional.empty(),
                keyed.key().map(KeyLook::of),
                keyed.artifact().host(),
                Optional.ofNullable(past.opened().get(keyed.artifact().id())).map(VmDetails::opened));
    }

    private static VmPage.Opened opened(ArtifactPast.Opened opened) {
        String what = switch (opened.proof()) {
            case START -> "the VM started";
            case ROTATION_AND_IMAGE -> "a change of the key opened envelope and image";
            case ROTATION -> "a change of the key opened its envelope";
            case VERIFICATION -> "a verification of the set opened it";
        };
        return new VmPage.Opened(opened.at(), opened.exact(), what, opened.by());
    }

    private static VmPage.DiskLine disk(Disk disk) {
        return new VmPage.DiskLine(
                disk.id().name(),
                Links.disk(disk.id()),
                disk.os()
                        ? "OS disk"
                        : disk.lun().map(n -> "data disk, lun " + n).orElse("data disk"),
                disk.sizeGb(),
                Condition.of(disk.head().state()));
    }

    private VmPage.Work work(Operation operation) {
        return new VmPage.Work(
                OperationLine.words(operation),
                operation.startedAt(),
                entry.askers(List.of(operation.requestedBy())).told(operation.requestedBy(), operation.startedAt()),
                operation.percentComplete());
    }

    private static String capitalized(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** What would move it now and the person may do. The service still has the last word. */
    private List<VmAct> acts(Call call, FleetService.AtWork now) {
        if (now.working()) {
            return List.of();
        }
        return Arrays.stream(VmAct.values())
                .filter(act ->
                        act.moves(now.vm()) && may(call, act.action(), now.vm().id()))
                .toList();
    }

    private boolean may(Call call, Action action, ArmId id) {
        return rights.may(call, action, Scope.of(id));
    }

    private Response console(Visitor visitor) {
        ArmId id = id(visitor);
        String text = "";
        boolean cut = false;
        Optional<String> none = Optional.empty();
        try {
            ConfidentialVm vm = consoles.require(visitor.call(), id);
            ConsoleRoutes.requireEnabled(vm);
            byte[] bytes = consoles.newest(vm, CONSOLE);
            cut = bytes.length == CONSOLE;
            text = readable(bytes);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)) {
                throw e;
            }
            none = Optional.of(e.error().info().message());
        }
        String href = Links.vm(id);
        ConsolePage page = new ConsolePage(id.name(), href, href + "/console", text, cut, none);
        return entry.html()
                .page(
                        200,
                        "vm-console",
                        entry.frame(visitor, "Console of " + id.name(), Links.VMS, Optional.empty())
                                .with(VmSteps.console(visitor.request(), id)),
                        page);
    }

    /** What a guest wrote is bytes of any kind: shown is the text among them. */
    static String readable(byte[] bytes) {
        String text =
                new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n").replace('\r', '\n');
        List<String> lines = new ArrayList<>(NOT_TEXT.matcher(text)
                .replaceAll("")
                .lines()
                .map(String::stripTrailing)
                .toList());
        return String.join("\n", lines);
    }
}
