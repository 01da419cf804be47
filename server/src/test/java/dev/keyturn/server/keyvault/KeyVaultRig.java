package dev.keyturn.server.keyvault;

import dev.keyturn.core.access.Scopes;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.key.KeyStore;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.core.vault.DeletedVaultService;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.software.SoftwareKeyBackend;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.Services;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.SettableElapsed;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.arm.audit.AuditRoutes;
import dev.keyturn.server.arm.authorization.RoleAssignmentRoutes;
import dev.keyturn.server.arm.compute.ComputeRoutes;
import dev.keyturn.server.arm.compute.ComputeServices;
import dev.keyturn.server.arm.compute.ConsoleLinks;
import dev.keyturn.server.arm.compute.ConsoleRoutes;
import dev.keyturn.server.arm.vault.VaultArmRoutes;
import dev.keyturn.server.arm.vault.VaultKeyRoutes;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.Authentication;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.store.OtherStores;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Vaults and HSMs in one process without a network: real services, real SQLite, real keys. A token is the caller's name
 * and, behind an @, what it was issued for: {@code owner@vault}, {@code owner@hsm}, {@code owner@arm}.
 */
final class KeyVaultRig implements AutoCloseable {
    static final String SUB = "11111111-2222-3333-4444-555555555555";
    static final String TENANT = "99999999-2222-3333-4444-555555555555";
    static final String GROUP = "/subscriptions/" + SUB + "/resourceGroups/rg";
    static final String VAULTS = GROUP + "/providers/Microsoft.KeyVault/vaults";
    static final String HSMS = GROUP + "/providers/Microsoft.KeyVault/managedHSMs";
    static final String VAULT_HOST = "v-one.vault.keyturn.test:8443";
    static final String HSM_HOST = "h-one.managedhsm.keyturn.test:8443";

    final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    final SettableElapsed elapsed = new SettableElapsed();
    final SeenTime time;
    final InUse inUse;
    final KeyServices services;
    final VaultService vaults;
    final DeletedVaultService deletedVaults;
    final TestDatabase database;
    /** How many more times a key is looked for and not found. */
    int unseen;

    private final SoftwareKeyBackend backend;
    private final Node node;
    private final Principals principals;
    private final RoleAssignments assignments;
    private final Surface data;
    private final ArmSurface arm;
    private final Map<String, Caller> callers = new HashMap<>();

    KeyVaultRig(Path directory) {
        this(directory, KeyBackends::of, a -> a);
    }

    /** With key backends and a store of records that a test looks into, or breaks. */
    KeyVaultRig(Path directory, Function<KeyBackend, KeyBackends> backends, UnaryOperator<AuditStore> audits) {
        SecureRandom random = new SecureRandom();
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        SqlStores s = database.stores();
        time = SeenTime.open(database.transactions(), s.settings(), clock, elapsed);
        MasterKey root = MasterKey.of(random.generateSeed(32), random);
        backend = new SoftwareKeyBackend(root, random);
        inUse = new InUse(s.setKeys());
        node = new NodeBuilder(
                        database.transactions(),
                        OtherStores.with(
                                OtherStores.with(
                                        OtherStores.with(s, SetKeyStore.class, inUse),
                                        KeyStore.class,
                                        unseen(s.keys())),
                                AuditStore.class,
                                audits.apply(s.audit())),
                        root,
                        clock,
                        time)
                .backends(backends.apply(backend))
                .hosts(List.of(new SimulatedHost(
                        "sim",
                        Duration.ofSeconds(5),
                        database.transactions(),
                        new SqlSimulatedMachines(),
                        new Faults(database.transactions(), new SqlFaultStore()),
                        s.vms(),
                        s.artifacts())))
                .vaultHosts(new VaultHosts("keyturn.test", 8443))
                .random(random)
                .open();
        Services n = node.services();
        principals = n.principals();
        assignments = n.assignments();
        services = n.keys();
        vaults = n.vaults();
        deletedVaults = n.deletedVaults();
        n.groups()
                .put(
                        Call.server(Call.SERVER, UUID.randomUUID()),
                        ArmId.group(SUB, "rg"),
                        Precondition.NONE,
                        _ -> new Draft("westeurope", Map.of(), "{}"));
        Audiences audiences = new Audiences(new ServerNames("keyturn.test", 8443));
        Authentication authentication = this::authenticate;
        data = new KeyVaultSurface(
                authentication,
                audiences,
                n.doors(),
                vaults,
                services,
                n.hsmAssignments(),
                "https://keyturn.test:8443/" + TENANT);
        ArmSurface surface = new ArmSurface(authentication, audiences, new Subscription(SUB, TENANT, "test"));
        VaultArmRoutes.add(surface.routes(), n.doors(), vaults, deletedVaults, new Subscription(SUB, TENANT, "test"));
        VaultKeyRoutes.add(surface.routes(), n.doors(), services.vaultKeys());
        Subscription subscription = new Subscription(SUB, TENANT, "test");
        AuditRoutes.add(surface.routes(), node.trail(subscription), subscription);
        ConsoleRoutes consoles = new ConsoleRoutes(
                n.consoles(), ConsoleLinks.open(database.transactions(), s.settings(), root, random, clock));
        ComputeRoutes.add(
                surface.routes(),
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
                        new Subscription(SUB, TENANT, "test")));
        RoleAssignmentRoutes.add(
                surface.routes(), n.grants(), new Scopes(database.transactions(), s.resources(), services.vaultKeys()));
        arm = surface;
        grant("owner", "/subscriptions/" + SUB, Roles.OWNER);
        grant("owner", "/subscriptions/" + SUB, Roles.KEY_VAULT_CRYPTO_OFFICER);
    }

    /** The real store, but for the next keys that a test says are not found. */
    private KeyStore unseen(KeyStore real) {
        return (KeyStore) Proxy.newProxyInstance(
                KeyStore.class.getClassLoader(), new Class<?>[] {KeyStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("find") && unseen > 0) {
                        unseen--;
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Caller authenticate(Request request, java.util.function.Predicate<String> audience) {
        String[] token = request.header("authorization").orElse("").split("@");
        if (token.length != 2) {
            throw new DomainError.Unauthenticated(ErrorInfo.of(Authentication.MISSING, "no token")).asException();
        }
        String issuedFor = switch (token[1]) {
            case "vault" -> "https://vault.keyturn.test:8443";
            case "hsm" -> "https://managedhsm.keyturn.test:8443";
            default -> "https://management.azure.com";
        };
        if (!audience.test(issuedFor)) {
            throw new DomainError.Unauthenticated(ErrorInfo.of(Authentication.INVALID, "wrong audience")).asException();
        }
        return caller(token[0]);
    }

    Caller caller(String name) {
        return callers.computeIfAbsent(name, n -> {
            Principal made = database.transactions().write(tx -> principals.createServicePrincipal(tx, n));
            return new Caller(made.id(), made.appId().toString());
        });
    }

    /** What the caller does at the vault's own address. */
    Call call(String name) {
        return new Call(caller(name), UUID.randomUUID(), Optional.empty(), Call.Door.VAULT);
    }

    void grant(String name, String scope, Role role) {
        RoleAssignments.Grant grant = new RoleAssignments.Grant(
                UUID.randomUUID(), new Scope(scope), role.id(), caller(name).principal(), Optional.empty());
        var granted = database.transactions()
                .write(tx -> assignments.grant(tx, caller(name).name(), grant));
        assert granted.created();
    }

    /** Every role at that scope and below is gone. */
    void revokeAll(Scope scope) {
        database.transactions().run(tx -> assignments.forget(tx, scope));
    }

    /** Makes the vault {@code v-one}: premium, RBAC on, purge protection as said. */
    void makeVault(boolean purgeProtection) {
        expect(201, arm("PUT", VAULTS + "/v-one", vaultBody("premium", true, purgeProtection)));
    }

    static String vaultBody(String sku, boolean rbac, boolean purgeProtection) {
        return """
            {"location": "westeurope", "properties": {"tenantId": "%s", "sku": {"family": "A", "name": "%s"},
             "enableRbacAuthorization": %s, "enablePurgeProtection": %s, "accessPolicies": []}}\
            """.formatted(TENANT, sku, rbac, purgeProtection ? "true" : "null");
    }

    /** Makes the managed HSM {@code h-one}, whose administrator and crypto user is owner. */
    void makeHsm() {
        expect(200, arm("PUT", HSMS + "/h-one", """
            {"location": "westeurope", "sku": {"family": "B", "name": "Standard_B1"},
             "properties": {"tenantId": "%s", "initialAdminObjectIds": ["%s"]}}\
            """.formatted(
                        TENANT, caller("owner").principal())));
        grant("owner", "/hsm/h-one", dev.keyturn.core.identity.HsmRoles.CRYPTO_USER);
    }

    Response arm(String method, String target, String body) {
        return send(arm, "keyturn.test:8443", Map.of("authorization", "owner@arm"), method, target, "2024-07-01", body);
    }

    Response armAs(String caller, String method, String target, String body) {
        return send(
                arm, "keyturn.test:8443", Map.of("authorization", caller + "@arm"), method, target, "2024-07-01", body);
    }

    Response armIf(String etag, String method, String target, String body) {
        return send(
                arm,
                "keyturn.test:8443",
                Map.of("authorization", "owner@arm", "if-match", etag),
                method,
                target,
                "2024-07-01",
                body);
    }

    Response vault(String method, String target, String body) {
        return as("owner@vault", VAULT_HOST, method, target, body);
    }

    Response hsm(String method, String target, String body) {
        return as("owner@hsm", HSM_HOST, method, target, body);
    }

    Response as(String token, String host, String method, String target, String body) {
        Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("authorization", token);
        return send(data, host, headers, method, target, "7.4", body);
    }

    private Response send(
            Surface surface,
            String host,
            Map<String, String> headers,
            String method,
            String target,
            String version,
            String body) {
        Map<String, String> query = new HashMap<>(Map.of("api-version", version));
        String path = target;
        int mark = target.indexOf('?');
        if (mark >= 0) {
            path = target.substring(0, mark);
            for (String part : target.substring(mark + 1).split("&")) {
                String[] pair = part.split("=", 2);
                query.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8).toLowerCase(Locale.ROOT),
                        URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        query.values().removeIf(String::isEmpty);
        Request request = new Request(
                method,
                host,
                path.replaceAll("/+", "/").replaceAll("(.)/$", "$1"),
                query,
                headers,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of());
        try {
            return surface.handle(request).with("x-ms-request-id", request.id().toString());
        } catch (DomainException e) {
            return surface.refuse(request, e.error());
        } catch (BadBodyException e) {
            return surface.refuse(request, ErrorStatus.of(e));
        }
    }

    /** Runs every operation that is due. */
    int runDue() {
        try {
            return node.runner().runDue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The routes of the ARM side. */
    List<RoutePattern> armPatterns() {
        return arm.routes().patterns();
    }

    /** Everything that was recorded since, oldest first. */
    List<AuditRecord> recordedBehind(long sequence) {
        return database.transactions()
                .read(tx -> database.stores().audit().nodes(tx).stream()
                        .flatMap(node -> database.stores().audit().after(tx, node, sequence, 1000).stream())
                        .toList());
    }

    /** The number of the newest record. */
    long recorded() {
        return recordedBehind(0).size();
    }

    static ObjectNode body(Response response) {
        return response.body().length == 0 ? Json.object() : Json.parseObject(response.body());
    }

    static ObjectNode expect(int status, Response response) {
        if (response.status() != status) {
            throw new AssertionError("expected " + status + ", not " + response.status() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return body(response);
    }

    /** Code and inner code of a refusal with that status: {@code Forbidden/KeyDisabled}. */
    static String refusal(int status, Response response) {
        ObjectNode error = (ObjectNode) expect(status, response).get("error");
        if (error.path("message").asString("").isBlank()) {
            throw new AssertionError("a refusal without a message: " + error);
        }
        String inner = error.path("innererror").path("code").asString("");
        return error.path("code").asString() + (inner.isEmpty() ? "" : "/" + inner);
    }

    static String message(Response response) {
        return body(response).path("error").path("message").asString("");
    }

    @Override
    public void close() {
        node.close();
        backend.close();
        database.close();
    }
}
