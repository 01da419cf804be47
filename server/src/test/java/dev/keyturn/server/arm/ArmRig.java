package dev.keyturn.server.arm;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.host.images.ImagesDirectory;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.Services;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.SettableElapsed;
import dev.keyturn.node.TalkativeHost;
import dev.keyturn.server.arm.audit.AuditRoutes;
import dev.keyturn.server.arm.authorization.RoleAssignmentRoutes;
import dev.keyturn.server.arm.compute.ComputeRoutes;
import dev.keyturn.server.arm.compute.ComputeServices;
import dev.keyturn.server.arm.compute.ConsoleLinks;
import dev.keyturn.server.arm.compute.ConsoleRoutes;
import dev.keyturn.server.arm.resource.GroupRoutes;
import dev.keyturn.server.arm.resource.OpaqueRoutes;
import dev.keyturn.server.arm.resource.ResourceListRoutes;
import dev.keyturn.server.arm.resource.UserAssignedIdentityRoutes;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.simulated.SimulatedHostRoutes;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ARM surface in one process without a network: real services, real SQLite, the simulated host, keys in memory.
 * Operations run when {@link #settle} is called, on the caller's thread.
 */
final class ArmRig implements AutoCloseable {
    static final String SUB = "11111111-2222-3333-4444-555555555555";
    static final String GROUP = "/subscriptions/" + SUB + "/resourceGroups/rg";
    static final String AUTHORITY = "arm.keyturn.test:8443";

    final TestVault vault = new TestVault();
    final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    final Faults faults;
    final SimulatedHost host;
    /** What the services see: {@link #host} with guests that may write. */
    final TalkativeHost talkative;
    /** What takes no token. */
    private final Routes open = new Routes();

    private final TestDatabase database;
    private final Node node;
    private final ArmSurface surface;
    private final Principals principals;
    private final RoleAssignments assignments;
    private final Map<String, Caller> callers = new HashMap<>();

    ArmRig(Path directory) {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        SqlStores s = database.stores();
        SecureRandom random = new SecureRandom();
        faults = new Faults(database.transactions(), new SqlFaultStore());
        host = new SimulatedHost(
                "sim",
                Duration.ofSeconds(5),
                database.transactions(),
                new SqlSimulatedMachines(),
                faults,
                s.vms(),
                s.artifacts());
        talkative = new TalkativeHost(host);
        node = new NodeBuilder(
                        database.transactions(),
                        s,
                        new TestPlatformKey(),
                        clock,
                        SeenTime.open(database.transactions(), s.settings(), clock, new SettableElapsed()))
                .hosts(List.of(talkative))
                .customerKeys(vault)
                .images(new ImagesDirectory(directory.resolve("images")))
                .random(random)
                .open();
        Services n = node.services();
        principals = n.principals();
        assignments = n.assignments();

        Subscription subscription = new Subscription(SUB, "99999999-2222-3333-4444-555555555555", "test");
        surface = new ArmSurface(
                (request, _) -> Optional.ofNullable(
                                callers.get(request.header("authorization").orElse("")))
                        .orElseThrow(() -> new AssertionError("no such caller in this test")),
                new Audiences(new ServerNames("keyturn.test", 8443)),
                subscription);
        ArmRoutes routes = surface.routes();
        SubscriptionRoutes.add(routes, subscription, n.generic());
        AttestationRoutes.add(routes, n.doors(), subscription, new ServerNames("keyturn.test", 8443));
        GroupRoutes.add(routes, n.groups(), n.doors());
        ResourceListRoutes.add(routes, n.generic());
        UserAssignedIdentityRoutes.add(routes, n.identities(), n.doors(), subscription);
        OpaqueRoutes.add(routes, n.generic(), n.doors());
        RoleAssignmentRoutes.add(routes, n.grants(), _ -> true);
        ClockRoutes.add(routes, node.clock(subscription));
        ConsoleRoutes consoles = new ConsoleRoutes(
                n.consoles(),
                ConsoleLinks.open(database.transactions(), s.settings(), new TestPlatformKey(), random, clock));
        consoles.addOpen(open);
        ComputeRoutes.add(
                routes,
                new ComputeServices(
                        n.vms(),
                        n.power(),
                        consoles,
                        n.disks(),
                        n.images(),
                        n.sets(),
                        n.rotations(),
                        n.verification(),
                        n.operationsInSight(),
                        n.doors(),
                        subscription));
        SimulatedHostRoutes.add(routes, host, faults, database.transactions(), s.vms(), n.doors(), SUB);
        AuditRoutes.add(routes, node.trail(subscription), subscription);
        grant("owner", "/subscriptions/" + SUB, Roles.OWNER);
    }

    /** The set as a server with other rules for names left it: under this one. */
    void rename(String set, String name) {
        var sets = database.stores().diskSets();
        database.transactions().run(tx -> {
            DiskEncryptionSet made =
                    sets.find(tx, ArmId.parse(set).orElseThrow()).orElseThrow();
            Resource head = made.head();
            ArmId id = head.id().group().resource(DiskEncryptionSet.TYPE, name);
            sets.delete(tx, made.id()).require("the row");
            sets.insert(
                            tx,
                            made.with(Resource.created(
                                    id, head.location(), head.tags(), head.document(), head.state(), clock.instant())))
                    .require("the row");
        });
    }

    /** Makes the caller of that name where there is none, and gives it the role. */
    void grant(String name, String scope, Role role) {
        Caller caller = callers.computeIfAbsent(name, n -> {
            Principal made = database.transactions().write(tx -> principals.createServicePrincipal(tx, n));
            return new Caller(made.id(), made.appId().toString());
        });
        RoleAssignments.Grant grant = new RoleAssignments.Grant(
                UUID.randomUUID(), new Scope(scope), role.id(), caller.principal(), Optional.empty());
        var granted = database.transactions().write(tx -> assignments.grant(tx, caller.name(), grant));
        assert granted.created();
    }

    Services services() {
        return node.services();
    }

    Response call(String method, String target) {
        return call(method, target, "");
    }

    Response call(String method, String target, String body) {
        return as("owner", method, target, body, Map.of());
    }

    Response as(String caller, String method, String target, String body, Map<String, String> headers) {
        Request request = Requests.of(AUTHORITY, caller, method, target, body, headers);
        try {
            return open.match(method, request.path()) instanceof Routes.Match.Found found
                    ? found.handler().handle(request.with(found.variables()))
                    : surface.handle(request);
        } catch (DomainException e) {
            return surface.refuse(request, e.error());
        } catch (BadBodyException e) {
            return surface.refuse(request, ErrorStatus.of(e));
        }
    }

    /** Whom a test calls so. */
    Caller caller(String name) {
        return Optional.ofNullable(callers.get(name)).orElseThrow();
    }

    /** All that was recorded, oldest first. */
    List<AuditRecord> records() {
        AuditStore audit = node.stores().audit();
        return database.transactions()
                .read(tx -> audit.nodes(tx).stream()
                        .flatMap(n -> audit.after(tx, n, 0, 100_000).stream())
                        .toList());
    }

    List<RoutePattern> patterns() {
        return surface.routes().patterns();
    }

    static ObjectNode body(Response response) {
        return response.body().length == 0 ? Json.object() : Json.parseObject(response.body());
    }

    static String header(Response response, String name) {
        return Optional.ofNullable(response.headers().get(name))
                .orElseThrow(() -> new AssertionError("no header " + name + " in a " + response.status()));
    }

    /** Runs every operation that is due, and those that wait for others, to their end. */
    void settle() {
        try {
            int idle = 0;
            while (idle < 2) {
                idle = node.runner().runDue() == 0 ? idle + 1 : 0;
                clock.advance(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the operation that an answer leads to, and returns the answer of its poll. */
    ObjectNode finish(Response accepted) {
        settle();
        String poll = accepted.headers().get("Azure-AsyncOperation");
        if (poll == null) {
            throw new AssertionError("no operation to poll in " + accepted.status() + " "
                    + new String(accepted.body(), StandardCharsets.UTF_8));
        }
        return body(call("GET", relative(poll)));
    }

    static String relative(String url) {
        String origin = "https://" + AUTHORITY;
        if (!url.startsWith(origin)) {
            throw new AssertionError("does not lead back to the authority that was used: " + url);
        }
        return url.substring(origin.length());
    }

    @Override
    public void close() {
        node.close();
        database.close();
    }
}
