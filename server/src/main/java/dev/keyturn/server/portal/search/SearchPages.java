package dev.keyturn.server.portal.search;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.diskset.SetView;
import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.fleet.VmFilter;
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
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.search.SearchPage.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks for machines and sets by a part of their name, and goes straight to what an id names. */
public final class SearchPages {
    private static final int SHOWN = 20;
    private static final int SETS = 200;

    /** The api-version of lists of resources of every type. */
    private static final String RESOURCES = "2021-04-01";

    private final Entry entry;
    private final FleetService fleet;
    private final DiskSetService sets;
    private final Rights rights;
    private final String subscription;

    public SearchPages(Entry entry, FleetService fleet, DiskSetService sets, Rights rights, String subscription) {
        this.entry = entry;
        this.fleet = fleet;
        this.sets = sets;
        this.rights = rights;
        this.subscription = subscription;
    }

    public void addTo(Routes routes) {
        entry.page(routes, Links.SEARCH, this::search);
    }

    private Response search(Visitor visitor) {
        String q = visitor.request().query("q").orElse("").strip();
        Optional<String> named = ArmId.parse(q).flatMap(SearchPages::page);
        if (named.isPresent()) {
            return Html.to(named.get());
        }
        List<Hit> hits = new ArrayList<>();
        List<String> words = new ArrayList<>();
        if (!q.isEmpty()) {
            told(words, "virtual machines", () -> machines(visitor.call(), q, hits));
            sets(visitor.call(), q, hits);
            if (!rights.may(visitor.call(), Action.DISK_SET_READ, Scope.subscription(subscription))) {
                words.add(
                        "You may not look through all disk encryption sets of the subscription: those that you may read"
                                + " were looked through.");
            }
        }
        return entry.html()
                .page(
                        200,
                        "search",
                        entry.frame(visitor, "Search", "", Optional.empty()).with(step(visitor.request(), q)),
                        new SearchPage(q, hits, words));
    }

    /** Resources of every type, where the page looks through machines and sets alone. */
    private Step step(Request request, String q) {
        String name = q.isEmpty() ? "TEXT" : q.replace("'", "''");
        return Step.arm(
                request,
                "List the resources with the text in their name",
                "GET",
                ArmId.subscription(subscription) + "/resources",
                RESOURCES,
                "$filter=" + Links.part("substringof('" + name + "', name)"));
    }

    private static Optional<String> page(ArmId id) {
        if (id.hasType(ConfidentialVm.TYPE)) {
            return Optional.of(Links.vm(id));
        }
        return id.hasType(DiskEncryptionSet.TYPE) ? Optional.of(Links.set(id)) : Optional.empty();
    }

    private void machines(Call call, String q, List<Hit> hits) {
        fleet.find(call, subscription, VmFilter.ALL.named(q), Optional.empty(), SHOWN)
                .forEach(vm -> hits.add(hit("Virtual machine", vm.id(), Links.vm(vm.id()))));
    }

    private void sets(Call call, String q, List<Hit> hits) {
        String wanted = q.toLowerCase(Locale.ROOT);
        Optional<String> after = Optional.empty();
        int found = 0;
        while (found < SHOWN) {
            List<SetView> some = sets.page(call, subscription, Optional.empty(), after, SETS);
            for (SetView view : some) {
                ArmId id = view.set().id();
                if (found < SHOWN && id.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                    hits.add(hit("Disk encryption set", id, Links.set(id)));
                    found++;
                }
            }
            if (some.size() < SETS) {
                return;
            }
            after = Optional.of(some.getLast().set().id().key());
        }
    }

    private static Hit hit(String kind, ArmId id, String href) {
        return new Hit(kind, id.name(), id.resourceGroup(), href);
    }

    private static void told(List<String> words, String what, Runnable look) {
        try {
            look.run();
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Forbidden)) {
                throw e;
            }
            words.add("You may not look through the " + what + " of the whole subscription. Reader at it allows that.");
        }
    }
}
