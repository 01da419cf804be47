package dev.keyturn.server.portal.overview;

import dev.keyturn.core.fleet.FleetLook;
import dev.keyturn.core.fleet.FleetWatch;
import dev.keyturn.core.fleet.FleetWatch.Watched;
import dev.keyturn.core.fleet.FleetWatch.WatchedSet;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.activity.ActivityPages;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.sets.SetBar;
import dev.keyturn.server.tls.ServerCertificates;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The first page: what needs somebody now, then the fleet. */
public final class OverviewPages {
    /** More sets than a person looks at in one picture. */
    private static final int SETS = 100;

    private static final int LATELY = 5;

    private final Entry entry;
    private final FleetWatch watch;
    private final ActivityPages activity;
    private final Rights rights;
    private final Subscription subscription;
    private final Supplier<ServerCertificates.Lives> certificates;
    private final Clock clock;

    public OverviewPages(
            Entry entry,
            FleetWatch watch,
            ActivityPages activity,
            Rights rights,
            Subscription subscription,
            Supplier<ServerCertificates.Lives> certificates,
            Clock clock) {
        this.entry = entry;
        this.watch = watch;
        this.activity = activity;
        this.rights = rights;
        this.subscription = subscription;
        this.certificates = certificates;
        this.clock = clock;
    }

    public void addTo(Routes routes) {
        entry.page(routes, "/portal", this::show);
    }

    private Response show(Visitor visitor) {
        return entry.html()
                .page(
                        200,
                        "overview",
                        entry.frame(visitor, "Overview", "/portal", Optional.empty())
                                .with(Step.arm(
                                                visitor.request(),
                                                "List the disk encryption sets",
                                                "GET",
                                                "/subscriptions/" + subscription.id()
                                                        + "/providers/Microsoft.Compute/diskEncryptionSets",
                                                Step.DISKS)
                                        .by(Az.of("disk-encryption-set", "list"))),
                        page(visitor));
    }

    private OverviewPage page(Visitor visitor) {
        Call call = visitor.call();
        Instant now = clock.instant();
        FleetLook look = watch.look(call, subscription.id());
        Watched watched = look.sets(SETS);
        List<OverviewPage.Need> needs = new ArrayList<>();
        FleetNeeds fleet = new FleetNeeds(look, rights, subscription.id(), call);
        fleet.faults().ifPresent(needs::add);
        for (WatchedSet set : watched.sets()) {
            fleet.lostKeys(set).forEach(needs::add);
            SetNeeds.rotation(set.census()).ifPresent(needs::add);
        }
        needs.addAll(fleet.expiring(watched.sets(), now));
        if (watched.reach().everywhere()) {
            needs.addAll(CertificateNeeds.of(certificates.get(), now));
        }
        needs.sort(Comparator.comparing(n -> !n.kind().equals("error")));
        return new OverviewPage(
                needs,
                watched.sets().stream().map(s -> SetBar.of(s.census())).toList(),
                watched.more(),
                now,
                watched.reach().nowhere(),
                watched.reach().groups(),
                rights.may(call, Action.ACTIVITY_LOG_READ, Scope.subscription(subscription.id()))
                        ? activity.newest(visitor, LATELY)
                        : List.of());
    }
}
