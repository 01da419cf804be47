package dev.keyturn.server.portal.vms;

import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.fleet.VmCounts;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.fleet.VmSort;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of VMs: any number of them, a page at a time, and what to do with some or all of those that match. */
public final class VmPages {
    private static final int SHOWN = 100;
    private static final int SETS = 200;
    /** Restarting many at once is nobody's wish. */
    private static final List<VmAct> FOR_MANY = List.of(VmAct.START, VmAct.STOP, VmAct.DEALLOCATE);

    private final Entry entry;
    private final VmNames names;
    private final FleetService fleet;
    private final DiskSetService sets;
    private final Rights rights;
    private final Hosts hosts;

    public VmPages(Entry entry, VmNames names, FleetService fleet, DiskSetService sets, Rights rights, Hosts hosts) {
        this.entry = entry;
        this.names = names;
        this.fleet = fleet;
        this.sets = sets;
        this.rights = rights;
        this.hosts = hosts;
    }

    public void addTo(Routes routes) {
        entry.page(routes, Links.VMS, this::list);
    }

    private Response list(Visitor visitor) {
        Request request = visitor.request();
        Call call = visitor.call();
        VmQuery query = VmQuery.of(request::query);
        Optional<String> after = request.query("after")
                .filter(a -> !a.isEmpty())
                .map(a -> names.one(a).key());
        Optional<VmSort> order = query.order();
        List<ConfidentialVm> found = new ArrayList<>(found(visitor, query, order, after));
        Optional<String> next = Optional.empty();
        if (found.size() > SHOWN) {
            found.removeLast();
            ConfidentialVm last = found.getLast();
            next = Optional.of(query.address(
                    VmNames.of(last.id()),
                    order.map(sort -> sort.by().value(last)).orElse("")));
        }
        List<VmsPage.Tab> tabs = tabs(call, query);
        VmsPage page = new VmsPage(
                query,
                found.stream().map(vm -> VmRow.of(vm, hosts.away(vm.host()))).toList(),
                tabs.stream()
                        .filter(VmsPage.Tab::here)
                        .mapToLong(VmsPage.Tab::count)
                        .findFirst()
                        .orElse(found.size()),
                tabs,
                order.map(sort -> VmQuery.column(sort.by())).orElse(""),
                order.filter(VmSort::descending).isPresent(),
                following(found),
                sets(call, query),
                acts(call, found),
                after.isEmpty(),
                next,
                rights.may(call, Action.VM_WRITE, Scope.subscription(names.subscription())));
        return entry.html()
                .page(
                        200,
                        "vms",
                        entry.frame(visitor, "Virtual machines", Links.VMS, Optional.empty())
                                .with(VmSteps.list(request, names.subscription())),
                        page);
    }

    private List<ConfidentialVm> found(Visitor visitor, VmQuery query, Optional<VmSort> order, Optional<String> after) {
        VmFilter filter = query.filter(names);
        if (order.isEmpty()) {
            return fleet.find(visitor.call(), names.subscription(), filter, after, SHOWN + 1);
        }
        String at = visitor.request().query("at").orElse("");
        return fleet.sorted(
                visitor.call(),
                names.subscription(),
                filter,
                order.get(),
                after.map(key -> new VmSort.Place(at, key)),
                SHOWN + 1);
    }

    /** Where the states of these are looked at again: as many addresses as it takes to name them. */
    private static List<VmsPage.Follow> following(List<ConfidentialVm> found) {
        List<VmsPage.Follow> all = new ArrayList<>();
        for (int from = 0; from < found.size(); ) {
            List<ConfidentialVm> rest = found.subList(from, found.size());
            List<ArmId> some =
                    VmActions.shown(rest.stream().map(ConfidentialVm::id).toList());
            all.add(new VmsPage.Follow(
                    VmActions.result(some),
                    some.stream()
                            .map(VmRow::tag)
                            .flatMap(tag -> Stream.of("#" + tag + "-power", "#" + tag + "-since"))
                            .collect(Collectors.joining(",")),
                    rest.stream()
                            .limit(some.size())
                            .anyMatch(vm -> VmLook.of(vm).kind().equals("working"))));
            from += some.size();
        }
        return all;
    }

    private List<VmsPage.Tab> tabs(Call call, VmQuery query) {
        VmFilter any = query.withoutState(names);
        VmCounts counts = fleet.count(call, names.subscription(), any);
        List<VmsPage.Tab> tabs = new ArrayList<>();
        tabs.add(tab(query, "All", "", counts.total()));
        for (VmFilter.Powered group : VmFilter.Powered.values()) {
            String word = VmQuery.word(group);
            tabs.add(tab(query, Character.toUpperCase(word.charAt(0)) + word.substring(1), word, counts.of(group)));
        }
        tabs.add(tab(
                query,
                "With a fault",
                VmQuery.FAULT,
                fleet.count(call, names.subscription(), any.withFault()).total()));
        return tabs;
    }

    private static VmsPage.Tab tab(VmQuery query, String name, String state, long count) {
        return new VmsPage.Tab(
                name, query.in(state).address(), count, query.state().equals(state));
    }

    /** What the filter offers; the list is there without it. */
    private List<String> sets(Call call, VmQuery query) {
        List<String> offered;
        try {
            offered = sets.page(call, names.subscription(), Optional.empty(), Optional.empty(), SETS).stream()
                    .map(s -> VmNames.of(s.set().id()))
                    .toList();
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Forbidden)) {
                throw e;
            }
            offered = List.of();
        }
        return query.set().isEmpty() || offered.stream().anyMatch(query.set()::equalsIgnoreCase)
                ? offered
                : Stream.concat(Stream.of(query.set()), offered.stream()).toList();
    }

    /** What the person may do in the group of one of them; a right to a single VM is offered on its own page. */
    private List<VmAct> acts(Call call, List<ConfidentialVm> shown) {
        List<Scope> groups =
                shown.stream().map(vm -> Scope.of(vm.id().group())).distinct().toList();
        return FOR_MANY.stream()
                .filter(act -> rights.mayAtOne(call, act.action(), groups))
                .toList();
    }
}
