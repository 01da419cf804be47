package dev.keyturn.server.portal;

import dev.keyturn.core.fleet.FleetService;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.Passkeys;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.identity.BrowserRequests;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.portal.access.AccessDesk;
import dev.keyturn.server.portal.access.AccessPages;
import dev.keyturn.server.portal.access.CheckPages;
import dev.keyturn.server.portal.access.PersonGroupPages;
import dev.keyturn.server.portal.activity.ActivityPages;
import dev.keyturn.server.portal.create.CreateDesk;
import dev.keyturn.server.portal.create.CreatePages;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Assets;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Pulse;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.grants.AuthorizePages;
import dev.keyturn.server.portal.grants.ClientPages;
import dev.keyturn.server.portal.grants.DevicePages;
import dev.keyturn.server.portal.live.LivePages;
import dev.keyturn.server.portal.operations.OperationPages;
import dev.keyturn.server.portal.overview.OverviewPages;
import dev.keyturn.server.portal.people.Elsewhere;
import dev.keyturn.server.portal.people.FormCookie;
import dev.keyturn.server.portal.people.MePages;
import dev.keyturn.server.portal.people.OutsidePages;
import dev.keyturn.server.portal.people.PeoplePages;
import dev.keyturn.server.portal.people.SignInPages;
import dev.keyturn.server.portal.resources.ResourceDesk;
import dev.keyturn.server.portal.resources.ResourcePages;
import dev.keyturn.server.portal.search.SearchPages;
import dev.keyturn.server.portal.sets.KeyPages;
import dev.keyturn.server.portal.sets.ReportPages;
import dev.keyturn.server.portal.sets.SetDesk;
import dev.keyturn.server.portal.sets.SetPages;
import dev.keyturn.server.portal.vaults.VaultDesk;
import dev.keyturn.server.portal.vaults.VaultKeyPages;
import dev.keyturn.server.portal.vaults.VaultPages;
import dev.keyturn.server.portal.vms.VmActions;
import dev.keyturn.server.portal.vms.VmDetails;
import dev.keyturn.server.portal.vms.VmNames;
import dev.keyturn.server.portal.vms.VmPages;
import dev.keyturn.server.tls.ServerCertificates;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Every page of the portal, over the services of a node: what is at {@code /portal} and below. Thread-safe. */
public final class Portal implements Surface {
    private static final String ROOT = "/portal";

    private final Routes routes = new Routes();
    private final Entry entry;

    /** What the pages stand on beside the node; {@code url} is the server's own, below which one-time links lead. */
    public record Parts(
            SignIn signIn,
            Optional<Elsewhere> elsewhere,
            OAuth oauth,
            BrowserRequests requests,
            PasskeySignIn passkeySignIn,
            Passkeys passkeys,
            String url,
            Subscription subscription,
            SignInLimits limits,
            ArmRoutes arm,
            SecureRandom random,
            Clock clock,
            Pulse pulse,
            Supplier<ServerCertificates.Lives> certificates) {}

    public Portal(Node node, Parts parts) {
        Assets assets = new Assets();
        entry = new Entry(
                parts.signIn(),
                new Html(),
                assets,
                parts.pulse(),
                node.services().operationsInSight());
        new OperationPages(entry, node.services().operationsInSight()).addTo(routes);
        ActivityPages activity = new ActivityPages(entry, node.trail(parts.subscription()), parts.subscription());
        activity.addTo(routes);
        assets.addTo(routes);
        new LivePages(entry, parts.signIn(), parts.pulse()).addTo(routes);
        FormCookie cookie = new FormCookie(parts.random());
        OutsidePages outside = new OutsidePages(entry, parts.elsewhere(), parts.limits(), cookie, parts.url());
        outside.addTo(routes);
        new SignInPages(entry, parts.signIn(), parts.passkeySignIn(), parts.limits(), cookie, outside).addTo(routes);
        new MePages(entry, parts.signIn(), parts.passkeys(), parts.limits()).addTo(routes);
        new DevicePages(entry, parts.oauth(), parts.limits()).addTo(routes);
        new ClientPages(entry, parts.oauth().signIns()).addTo(routes);
        new AuthorizePages(entry, parts.oauth(), parts.signIn(), parts.requests()).addTo(routes);
        Rights rights = new Rights(node.transactions(), node.services().access());
        new OverviewPages(
                        entry,
                        node.services().watch(),
                        activity,
                        rights,
                        parts.subscription(),
                        parts.certificates(),
                        parts.clock())
                .addTo(routes);
        ArmClient client = new ArmClient(parts.arm());
        SetDesk sets = new SetDesk(entry, node, rights, parts.subscription(), parts.clock());
        new SetPages(sets).addTo(routes);
        new KeyPages(sets).addTo(routes);
        new ReportPages(sets).addTo(routes);
        VaultDesk vaults = new VaultDesk(entry, node, rights, parts.subscription(), parts.clock());
        new VaultPages(vaults, client).addTo(routes);
        new VaultKeyPages(vaults).addTo(routes);
        new ResourcePages(new ResourceDesk(entry, node, client, rights, parts.subscription())).addTo(routes);
        AccessDesk access = new AccessDesk(
                entry,
                node.services(),
                node.accessReview(parts.subscription()),
                node.scopes(),
                rights,
                parts.subscription());
        new AccessPages(access).addTo(routes);
        new CheckPages(access).addTo(routes);
        new PersonGroupPages(access, node.groups(parts.subscription()), node.people(parts.subscription()))
                .addTo(routes);
        new CreatePages(new CreateDesk(entry, node, client, rights, parts.subscription()), vaults).addTo(routes);
        new PeoplePages(entry, node.people(parts.subscription()), parts.url()).addTo(routes);
        addVms(node.services(), rights, parts.subscription());
        entry.page(routes, ROOT + "/{rest*}", _ -> {
            throw missing();
        });
    }

    /** Whether a path is the portal's. */
    public static boolean has(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /** Every page, and what the forms do. */
    public List<RoutePattern> pages() {
        return routes.patterns();
    }

    @Override
    public Response handle(Request request) {
        return switch (routes.match(request.method(), request.path())) {
            case Routes.Match.Found found -> found.handler().handle(request.with(found.variables()));
            case Routes.Match.OtherMethods _, Routes.Match.None _ -> throw missing();
        };
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return entry.refuse(request, error);
    }

    private static RuntimeException missing() {
        return new DomainError.NotFound(ErrorInfo.of("NotFound", "The portal has no such page.")).asException();
    }

    private void addVms(Services services, Rights rights, Subscription subscription) {
        VmNames names = new VmNames(subscription.id());
        FleetService fleet = services.fleet();
        new SearchPages(entry, fleet, services.sets(), rights, subscription.id()).addTo(routes);
        new VmPages(entry, names, fleet, services.sets(), rights, services.hosts()).addTo(routes);
        new VmActions(entry, names, fleet, services.power(), services.hosts()).addTo(routes);
        new VmDetails(entry, names, services.vms(), fleet, services.past(), services.consoles(), rights).addTo(routes);
    }
}
