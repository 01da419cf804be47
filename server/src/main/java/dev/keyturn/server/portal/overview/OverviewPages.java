package dev.keyturn.server.portal.overview;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.fleet.VmFilter;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.sets.SetBar;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first page: what needs somebody now, then the fleet. */
public final class OverviewPages {
    /** More sets than a person looks at in one picture. */
    private static final int SETS = 100;

    private final Entry entry;
    private final DiskSetService sets;
    private final FleetService vms;
    private final Rights rights;
    private final Subscription subscription;
    private final Clock clock;

    public OverviewPages(
            Entry entry, DiskSetService sets, FleetService vms, Rights rights, Subscription subscription, Clock clock) {
        this.entry = entry;
        this.sets = sets;
        this.vms = vms;
        this.rights = rights;
        this.subscription = subscription;
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
                        page(visitor.call()));
    }

    private OverviewPage page(Call call) {
        List<Census> all;
        try {
            all = sets.censuses(call, subscription.id(), Optional.empty(), SETS + 1);
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Forbidden) {
                return new OverviewPage(List.of(), List.of(), false, clock.instant(), true);
            }
            throw e;
        }
        List<OverviewPage.Need> needs = new ArrayList<>();
        faults(call).ifPresent(needs::add);
        all.forEach(c -> need(c).ifPresent(needs::add));
        return new OverviewPage(
                needs, all.stream().limit(SETS).map(SetBar::of).toList(), all.size() > SETS, clock.instant(), false);
    }

    /** VMs that went down by themselves, for who may read them. */
    private Optional<OverviewPage.Need> faults(Call call) {
        if (!rights.may(call, Action.VM_READ, Scope.subscription(subscription.id()))) {
            return Optional.empty();
        }
        long count =
                vms.count(call, subscription.id(), VmFilter.ALL.withFault()).total();
        return count == 0
                ? Optional.empty()
                : Optional.of(new OverviewPage.Need(
                        "error",
                        count == 1 ? "1 VM has a fault" : count + " VMs have a fault",
                        "The last start, stop or run did not end well: a crash, or a key that could not be used.",
                        Links.VMS + "?state=fault",
                        "Show"));
    }

    private static Optional<OverviewPage.Need> need(Census census) {
        DiskEncryptionSet set = census.set();
        String href = Links.set(set.id());
        if (set.keyLostAt().isPresent()) {
            return Optional.of(new OverviewPage.Need(
                    "error",
                    set.id().name(),
                    "Its key cannot be used since " + set.keyLostAt().get() + ". VMs under it do not start.",
                    href,
                    "Show"));
        }
        if (set.rotation().isPresent()) {
            return Optional.empty();
        }
        KeyLook active = KeyLook.of(set.activeKey());
        if (census.split()) {
            return Optional.of(new OverviewPage.Need(
                    "warning",
                    set.id().name(),
                    "Split: " + census.underOthers() + " of " + census.total() + " artifacts are not under "
                            + active.label() + ".",
                    href + "/key",
                    "Finish"));
        }
        return set.lastRotationError()
                .map(ErrorInfo::message)
                .map(m -> new OverviewPage.Need(
                        "error", set.id().name(), "The last rotation failed: " + m, href + "/key", "Try again"));
    }
}
