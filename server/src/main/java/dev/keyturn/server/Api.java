package dev.keyturn.server;

import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.people.PasskeyVerifier;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.keys.passkey.WebAuthnVerifier;
import dev.keyturn.node.Liveness;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.arm.AttestationRoutes;
import dev.keyturn.server.arm.ClockRoutes;
import dev.keyturn.server.arm.HostFilesRoutes;
import dev.keyturn.server.arm.PeopleRoutes;
import dev.keyturn.server.arm.PersonGroupRoutes;
import dev.keyturn.server.arm.SubscriptionRoutes;
import dev.keyturn.server.arm.audit.AuditRoutes;
import dev.keyturn.server.arm.authorization.RoleAssignmentRoutes;
import dev.keyturn.server.arm.authorization.RoleDefinitionRoutes;
import dev.keyturn.server.arm.compute.ComputeRoutes;
import dev.keyturn.server.arm.compute.ComputeServices;
import dev.keyturn.server.arm.compute.ConsoleLinks;
import dev.keyturn.server.arm.compute.ConsoleRoutes;
import dev.keyturn.server.arm.resource.GroupRoutes;
import dev.keyturn.server.arm.resource.OpaqueRoutes;
import dev.keyturn.server.arm.resource.ResourceListRoutes;
import dev.keyturn.server.arm.resource.UserAssignedIdentityRoutes;
import dev.keyturn.server.arm.vault.VaultArmRoutes;
import dev.keyturn.server.arm.vault.VaultKeyRoutes;
import dev.keyturn.server.graph.GraphRoutes;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.http.Surfaces;
import dev.keyturn.server.identity.AskedAt;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.BrowserRequests;
import dev.keyturn.server.identity.IdentityRoutes;
import dev.keyturn.server.identity.Issuers;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.identity.SigningKeys;
import dev.keyturn.server.identity.TokenAuthentication;
import dev.keyturn.server.identity.Tokens;
import dev.keyturn.server.identity.outside.ProviderSignIn;
import dev.keyturn.server.keyvault.KeyVaultSurface;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.nodes.NodeRoutes;
import dev.keyturn.server.portal.Portal;
import dev.keyturn.server.portal.frame.Pulse;
import dev.keyturn.server.portal.people.Elsewhere;
import dev.keyturn.server.simulated.SimulatedHostRoutes;
import dev.keyturn.server.tls.ServerCertificates;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every surface with its routes, over the services of the domain. */
final class Api implements Surfaces {
    private final Node node;
    private final SigningKeys signingKeys;
    private final OAuth oauth;
    private final Routes open = new Routes();
    private final Portal portal;
    private final ArmSurface arm;
    private final Surface main;
    private final KeyVaultSurface keyVault;
    private final ServerNames names;

    Api(
            Node node,
            Simulation simulation,
            Subscription subscription,
            ServerNames names,
            PlatformKey master,
            Limits limits,
            SecureRandom random,
            Clock clock,
            Liveness liveness,
            SignIn signIn,
            Optional<ProviderSignIn> elsewhere,
            Pulse pulse,
            ServerCertificates certificates,
            Supplier<Optional<String>> nodeProblem,
            NodeRoutes nodes) {
        this.node = node;
        this.names = names;
        Services services = node.services();
        signingKeys = new SigningKeys(node.transactions(), node.stores().signingKeys(), master, clock, node.time());
        signingKeys.renew();
        SignInLimits signIns = new SignInLimits(limits, System::nanoTime);
        Issuers issuers = new Issuers(names, subscription.tenant());
        Audiences audiences = new Audiences(names);
        oauth = node.oauth(new DeviceSignIn.Bounds(
                limits.count(Limit.OPEN_DEVICE_CODES), limits.count(Limit.OPEN_DEVICE_CODES_PER_ADDRESS)));
        TokenAuthentication authentication =
                new TokenAuthentication(signingKeys, issuers, services.principals(), oauth.signIns()::caller, clock);
        arm = new ArmSurface(authentication, audiences, subscription);
        ConsoleRoutes consoles = new ConsoleRoutes(
                services.consoles(),
                ConsoleLinks.open(node.transactions(), node.stores().settings(), master, random, clock));
        addArm(arm.routes(), node, simulation, consoles, subscription);
        PeopleRoutes.add(arm.routes(), node.people(subscription), names.url());
        PersonGroupRoutes.add(arm.routes(), node.groups(subscription));
        AttestationRoutes.add(arm.routes(), services.doors(), subscription, names);

        BrowserRequests requests = new BrowserRequests(
                audiences, issuers, new AskedAt(key(node, master, random, "authorize-request-key"), node.time()));
        new IdentityRoutes(
                        issuers,
                        audiences,
                        services.principals(),
                        signingKeys,
                        new Tokens(signingKeys, subscription.tenant(), clock),
                        oauth,
                        requests,
                        signIns,
                        clock)
                .addTo(open);
        new GraphRoutes(
                        services.principals(),
                        oauth.signIns()::person,
                        node.directory(subscription),
                        authentication,
                        audiences,
                        subscription,
                        clock)
                .addTo(open);
        new MetadataRoutes(names, issuers).addTo(open);
        new HealthRoutes(
                        node.transactions(),
                        node.stores().settings(),
                        limits.seconds(Limit.READY_SECONDS),
                        clock,
                        liveness,
                        nodeProblem)
                .addTo(open);
        consoles.addOpen(open);
        nodes.addTo(open);
        PasskeyVerifier passkeys = new WebAuthnVerifier(names.url());
        Key challenges = key(node, master, random, "passkey-challenge-key");
        portal = new Portal(
                node,
                new Portal.Parts(
                        signIn,
                        elsewhere.map(e -> new Elsewhere(e, node.outsideSignIn(signIn, subscription))),
                        oauth,
                        requests,
                        node.passkeySignIn(signIn, passkeys, challenges),
                        node.passkeys(passkeys, challenges),
                        names.url(),
                        subscription,
                        signIns,
                        arm.routes(),
                        random,
                        clock,
                        pulse,
                        certificates::lives));
        main = new MainSurface(open, portal, arm);
        keyVault = new KeyVaultSurface(
                authentication,
                audiences,
                services.doors(),
                services.vaults(),
                services.keys(),
                services.hsmAssignments(),
                names.url() + "/" + subscription.tenant());
    }

    private static Key key(Node node, PlatformKey master, SecureRandom random, String name) {
        return MacKey.open(node.transactions(), node.stores().settings(), master, random, name);
    }

    @Override
    public Surface at(String host) {
        return names.vaultAt(host).or(() -> names.hsmAt(host)).isPresent() ? keyVault : main;
    }

    /** Every route at the server's own name: what is open or asks for its token itself, then Azure Resource Manager. */
    List<RoutePattern> patterns() {
        return Stream.concat(open.patterns().stream(), arm.routes().patterns().stream())
                .toList();
    }

    /** Every page of the portal, and what its forms do. */
    List<RoutePattern> pages() {
        return portal.pages();
    }

    /** Every route at the name of a vault, or of a managed HSM. */
    List<RoutePattern> patterns(VaultKind kind) {
        return keyVault.patterns(kind);
    }

    /** What answers behind the routes. */
    Node node() {
        return node;
    }

    /** Clients in which people are signed in, for what is over. */
    OAuth oauth() {
        return oauth;
    }

    /** The keys that tokens are signed with, for their renewal. */
    SigningKeys signingKeys() {
        return signingKeys;
    }

    private static void addArm(
            ArmRoutes routes, Node node, Simulation simulation, ConsoleRoutes consoles, Subscription subscription) {
        Services d = node.services();
        SubscriptionRoutes.add(routes, subscription, d.generic());
        GroupRoutes.add(routes, d.groups(), d.doors());
        ResourceListRoutes.add(routes, d.generic());
        UserAssignedIdentityRoutes.add(routes, d.identities(), d.doors(), subscription);
        OpaqueRoutes.add(routes, d.generic(), d.doors());
        RoleDefinitionRoutes.add(routes);
        RoleAssignmentRoutes.add(routes, d.grants(), node.scopes());
        ComputeRoutes.add(
                routes,
                new ComputeServices(
                        d.vms(),
                        d.power(),
                        consoles,
                        d.disks(),
                        d.images(),
                        d.sets(),
                        d.rotations(),
                        d.verification(),
                        d.operationsInSight(),
                        d.doors(),
                        subscription));
        VaultArmRoutes.add(routes, d.doors(), d.vaults(), d.deletedVaults(), subscription);
        ClockRoutes.add(routes, node.clock(subscription));
        HostFilesRoutes.add(routes, node.files(subscription));
        AuditRoutes.add(routes, node.trail(subscription), subscription);
        VaultKeyRoutes.add(routes, d.doors(), d.keys().vaultKeys());
        simulation
                .host()
                .ifPresent(host -> SimulatedHostRoutes.add(
                        routes,
                        host,
                        simulation.faults(),
                        node.transactions(),
                        node.stores().vms(),
                        d.doors(),
                        subscription.id()));
    }
}
