package dev.keyturn.server.portal.vms;

import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.power.PowerService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Starts and stops VMs, one or many: each by a request of its own to the service, as the person. What was refused has
 * its reason; the others are watched until nothing is at work on them.
 */
public final class VmActions {
    private static final String ACT = Links.VMS + "/act";
    private static final String RESULT = Links.VMS + "/result";
    private static final int SHOWN = 200;
    /** Of an address: servers and browsers take 8 KiB with all that is sent beside it. */
    private static final int LONGEST_LIST = 6_000;

    private static final int NAMED_IN_QUESTION = 20;

    private final Entry entry;
    private final VmNames names;
    private final FleetService fleet;
    private final PowerService power;
    private final Hosts hosts;

    public VmActions(Entry entry, VmNames names, FleetService fleet, PowerService power, Hosts hosts) {
        this.entry = entry;
        this.names = names;
        this.fleet = fleet;
        this.power = power;
        this.hosts = hosts;
    }

    public void addTo(Routes routes) {
        entry.form(routes, ACT, this::act);
        entry.page(routes, RESULT, this::result);
    }

    /** Which VMs a form is about, and where it came from. */
    private record Chosen(List<ArmId> ids, boolean capped, String back) {}

    private Response act(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        VmAct act = VmAct.of(form.getOrDefault("action", ""));
        Chosen chosen = chosen(visitor);
        boolean asked = form.containsKey("confirmed");
        if (act.ends() && chosen.ids().size() > 1 && !asked) {
            return confirm(visitor, act, chosen);
        }
        Done done = done(visitor.call(), act, chosen.ids());
        if (form.containsKey("single") && chosen.ids().size() == 1) {
            done.refused().values().stream().findFirst().ifPresent(e -> {
                throw e;
            });
            return Html.to(Links.vm(chosen.ids().getFirst()));
        }
        return outcome(visitor, act, chosen, done);
    }

    private Chosen chosen(Visitor visitor) {
        Request request = visitor.request();
        Map<String, String> form = request.form();
        VmQuery query = VmQuery.of(name -> Optional.ofNullable(form.get(name)));
        if (form.containsKey("all")) {
            List<ConfidentialVm> found = fleet.find(
                    visitor.call(), names.subscription(), query.filter(names), Optional.empty(), VmAct.MOST + 1);
            if (found.isEmpty()) {
                throw DomainError.invalid("all", "No virtual machine matches any more. Nothing was done.")
                        .asException();
            }
            return new Chosen(
                    found.stream().limit(VmAct.MOST).map(ConfidentialVm::id).toList(),
                    found.size() > VmAct.MOST,
                    query.address());
        }
        Set<ArmId> ids = new LinkedHashSet<>();
        request.formValues("vm").forEach(v -> ids.add(names.one(v)));
        Optional.ofNullable(form.get("vms")).ifPresent(v -> ids.addAll(names.many(v)));
        if (ids.isEmpty()) {
            throw DomainError.invalid("vm", "Tick the virtual machines first, or \"All that match\". Nothing was done.")
                    .asException();
        }
        if (ids.size() > VmAct.MOST) {
            throw DomainError.invalid(
                            "vm", "At most %,d virtual machines at once. Nothing was done.".formatted(VmAct.MOST))
                    .asException();
        }
        return new Chosen(List.copyOf(ids), form.containsKey("capped"), query.address());
    }

    private Response confirm(Visitor visitor, VmAct act, Chosen chosen) {
        Map<VmLook, List<ConfidentialVm>> byState = new LinkedHashMap<>();
        fleet.at(visitor.call(), chosen.ids())
                .forEach(at -> byState.computeIfAbsent(VmLook.of(at.vm()), _ -> new ArrayList<>())
                        .add(at.vm()));
        List<VmConfirmPage.Count> counts = new ArrayList<>();
        byState.forEach((look, vms) -> {
            long moved = vms.stream().filter(act::moves).count();
            if (look.kind().equals("working")) {
                counts.add(new VmConfirmPage.Count(
                        look,
                        vms.size(),
                        "refused while something is at work on " + (vms.size() == 1 ? "it" : "them")));
            } else {
                if (moved > 0) {
                    counts.add(new VmConfirmPage.Count(look, moved, act.done()));
                }
                long ephemeral = vms.stream()
                        .filter(vm -> vm.ephemeral() && act != VmAct.RESTART)
                        .count();
                if (ephemeral > 0) {
                    counts.add(new VmConfirmPage.Count(
                            look, ephemeral, "refused: an ephemeral OS disk can only be restarted or deleted"));
                }
                if (vms.size() > moved + ephemeral) {
                    long left = vms.size() - moved - ephemeral;
                    counts.add(new VmConfirmPage.Count(look, left, left == 1 ? "left as it is" : "left as they are"));
                }
            }
        });
        List<String> shown =
                chosen.ids().stream().limit(NAMED_IN_QUESTION).map(ArmId::name).toList();
        VmConfirmPage page = new VmConfirmPage(
                act,
                VmNames.many(chosen.ids()),
                chosen.ids().size(),
                counts,
                shown,
                chosen.ids().size() - shown.size(),
                chosen.capped(),
                chosen.back());
        String title =
                act.word() + " %,d virtual machines?".formatted(chosen.ids().size());
        List<Step> steps = chosen.ids().stream()
                .limit(NAMED_IN_QUESTION)
                .map(id -> VmSteps.act(visitor.request(), id, act))
                .toList();
        return entry.html()
                .page(
                        200,
                        "vm-confirm",
                        entry.frame(visitor, title, Links.VMS, Optional.empty()).with(steps),
                        page);
    }

    /** What came of each: those that an operation is at work on now, those that were so already, those refused. */
    private record Done(List<ArmId> begun, List<ArmId> nothing, Map<ArmId, DomainException> refused) {
        boolean forbidden() {
            return begun.isEmpty()
                    && nothing.isEmpty()
                    && refused.values().stream().allMatch(e -> e.error() instanceof DomainError.Forbidden);
        }
    }

    private Done done(Call call, VmAct act, List<ArmId> ids) {
        Done done = new Done(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        for (ArmId id : ids) {
            try {
                boolean running = act.on(power, call, id).operation().running();
                (running ? done.begun() : done.nothing()).add(id);
            } catch (DomainException e) {
                done.refused().put(id, e);
            }
        }
        if (done.forbidden()) {
            throw done.refused().values().iterator().next();
        }
        return done;
    }

    private Response outcome(Visitor visitor, VmAct act, Chosen chosen, Done done) {
        List<VmResultPage.Refused> named = done.refused().entrySet().stream()
                .limit(SHOWN)
                .map(e -> new VmResultPage.Refused(
                        e.getKey().name(),
                        Links.vm(e.getKey()),
                        e.getValue().error().info().message()))
                .toList();
        VmResultPage.Outcome outcome = new VmResultPage.Outcome(
                act,
                done.begun().size(),
                done.nothing().size(),
                done.refused().size(),
                named,
                done.refused().size() - named.size(),
                chosen.capped());
        return page(visitor, act.word() + ": what became of it", Optional.of(outcome), done.begun());
    }

    private Response result(Visitor visitor) {
        List<ArmId> ids = names.many(visitor.request().query("vm").orElse(""));
        if (ids.size() > SHOWN) {
            throw DomainError.invalid("vm", "At most " + SHOWN + " virtual machines are shown here.")
                    .asException();
        }
        return page(visitor, "Chosen virtual machines", Optional.empty(), ids);
    }

    /** Where those VMs are shown as they are. */
    static String result(List<ArmId> shown) {
        return RESULT + "?vm=" + Links.part(VmNames.many(shown));
    }

    /** The first of them, as many as an address can name. */
    static List<ArmId> shown(List<ArmId> all) {
        List<ArmId> shown = new ArrayList<>();
        Set<String> groups = new HashSet<>();
        int length = 0;
        for (ArmId id : all) {
            length += Links.part(id.name() + ",").length();
            if (groups.add(id.resourceGroup())) {
                length += Links.part(id.resourceGroup() + ":").length();
            }
            if (shown.size() == SHOWN || length > LONGEST_LIST) {
                break;
            }
            shown.add(id);
        }
        return shown;
    }

    private Response page(Visitor visitor, String title, Optional<VmResultPage.Outcome> outcome, List<ArmId> all) {
        List<ArmId> shown = shown(all);
        List<FleetService.AtWork> now = fleet.at(visitor.call(), shown);
        Set<ArmId> there = now.stream().map(at -> at.vm().id()).collect(Collectors.toSet());
        VmResultPage page = new VmResultPage(
                title,
                outcome,
                now.stream()
                        .map(at -> VmRow.of(at.vm(), hosts.away(at.vm().host())))
                        .toList(),
                shown.stream()
                        .filter(id -> !there.contains(id))
                        .map(id -> new VmResultPage.Gone(id.name(), VmRow.tag(id)))
                        .toList(),
                result(shown),
                all.size() - shown.size(),
                now.stream().anyMatch(FleetService.AtWork::working));
        Frame frame = entry.frame(visitor, title, Links.VMS, Optional.empty())
                .with(VmSteps.list(visitor.request(), names.subscription()));
        return entry.html().page(200, "vm-result", frame, page);
    }
}
