package dev.keyturn.server.graph;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.server.http.Handler;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.Authentication;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Json;
import dev.keyturn.wire.Shape;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Service principals below {@code /graph/v1.0}, in the shapes of Microsoft Graph 1.0. Here an application and its
 * service principal are one thing with one id. Any valid token reads the directory, as in Azure; who writes it needs
 * {@value #WRITE} at the subscription, which an Owner has, and to act as a principal of a managed HSM more ({@link
 * CredentialGuard}). A secret is shown once, in the answer that made it.
 */
public final class GraphRoutes {
    /** Below Microsoft.Authorization, which Contributors may not write: who adds a secret to a principal can act as it. */
    static final String WRITE = "Microsoft.Authorization/servicePrincipals/write";

    private static final String ROOT = "/graph/v1.0";
    private static final int PAGE = 1_000;

    private static final Shape APPLICATION =
            Credentials.lists(Shape.data().text("displayName")).build();
    private static final Shape PRINCIPAL = Shape.data().text("appId").build();

    private final Principals principals;
    private final Authentication authentication;
    private final Audiences audiences;
    private final Access access;
    private final Subscription subscription;
    private final Credentials credentials;
    private final KeyRolls rolls;
    private final CredentialGuard guard;
    private final PrincipalView view;

    public GraphRoutes(
            Principals principals,
            RoleAssignments assignments,
            Authentication authentication,
            Audiences audiences,
            Access access,
            Subscription subscription,
            Clock clock) {
        this.principals = principals;
        this.authentication = authentication;
        this.audiences = audiences;
        this.access = access;
        this.subscription = subscription;
        this.credentials = new Credentials(principals, clock);
        this.rolls = new KeyRolls(principals, clock);
        this.guard = new CredentialGuard(assignments, access);
        this.view = new PrincipalView(principals, subscription.tenant());
    }

    public void addTo(Routes routes) {
        routes.add("GET", ROOT + "/me", known(this::me));
        for (String kind : List.of("servicePrincipals", "applications")) {
            String all = ROOT + "/" + kind;
            String one = all + "/{id}";
            routes.add("GET", all, known((caller, request) -> list(kind, request)))
                    .add("GET", one, known((caller, request) -> Response.ok(view.render(kind, find(kind, request)))))
                    .add("DELETE", one, writer((caller, request) -> delete(caller, find(kind, request))))
                    .add("PATCH", one, writer((_, request) -> credentials.replace(find(kind, request), request)));
            // Some of Azure's SDKs write an action with its namespace.
            for (String action : List.of(one + "/", one + "/microsoft.graph.")) {
                routes.add(
                                "POST",
                                action + "addPassword",
                                writer((_, request) -> credentials.addSecret(find(kind, request), request)))
                        .add(
                                "POST",
                                action + "removePassword",
                                writer((_, request) -> credentials.removeSecret(find(kind, request), request)))
                        .add("POST", action + "addKey", roller(kind, rolls::add))
                        .add("POST", action + "removeKey", roller(kind, rolls::remove));
            }
        }
        routes.add("POST", ROOT + "/applications", writer(this::create))
                .add("POST", ROOT + "/servicePrincipals", writer(this::adopt));
    }

    private Handler known(BiFunction<Caller, Request, Response> handler) {
        return request -> handler.apply(authentication.authenticate(request, audiences::graph), request);
    }

    private Handler writer(BiFunction<Caller, Request, Response> handler) {
        return known((caller, request) -> {
            requireWriter(caller, request);
            return handler.apply(caller, request);
        });
    }

    /** A principal rolls its own certificates with no right but its proof, as in Azure; others need both. */
    private Handler roller(String kind, BiFunction<Principal, Request, Response> roll) {
        return known((caller, request) -> {
            if (!PrincipalId.parse(request.variable("id")).equals(Optional.of(caller.principal()))) {
                requireWriter(caller, request);
            }
            return roll.apply(find(kind, request), request);
        });
    }

    private void requireWriter(Caller caller, Request request) {
        access.require(caller, WRITE, Scope.subscription(subscription.id()));
        if (givesCredentials(request)) {
            PrincipalId.parse(request.variable("id")).ifPresent(id -> guard.requireMayActAs(caller, id));
        }
    }

    /** What is done to a principal, but for taking credentials away from it. */
    private static boolean givesCredentials(Request request) {
        String path = request.path().toLowerCase(Locale.ROOT);
        boolean takes =
                request.method().equals("DELETE") || path.endsWith("removepassword") || path.endsWith("removekey");
        return request.variables().containsKey("id") && !takes;
    }

    private Response me(Caller caller, Request request) {
        Principal self = principals.find(caller.principal()).orElseThrow(() -> missing(caller.name()));
        return Response.ok(view.render(PrincipalView.SERVICE, self));
    }

    private Response list(String kind, Request request) {
        Predicate<Principal> wanted = PrincipalFilter.of(request);
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        for (Principal principal : everyone()) {
            if (PrincipalView.is(kind, principal) && wanted.test(principal)) {
                value.add(view.render(kind, principal));
            }
        }
        return Response.ok(out);
    }

    private List<Principal> everyone() {
        List<Principal> all = new ArrayList<>();
        Optional<PrincipalId> after = Optional.empty();
        while (true) {
            List<Principal> page = principals.page(after, PAGE);
            all.addAll(page);
            if (page.size() < PAGE) {
                return all;
            }
            after = Optional.of(page.getLast().id());
        }
    }

    private Response create(Caller caller, Request request) {
        Fields fields = Fields.of(request.json(), APPLICATION);
        String name = fields.requiredText("displayName");
        if (name.length() > 256) {
            fields.problem("displayName", "'displayName' must have at most 256 characters.");
        }
        Credentials.NewCredentials given = credentials.read(fields, List.of(), List.of());
        fields.done();
        Principal made = principals.createServicePrincipal(name, given.certificates());
        return Response.json(201, view.render(PrincipalView.APPLICATION, made));
    }

    /**
     * In Azure this makes the principal of an application; of one that was made here it came with it. Applications of
     * Azure's own get theirs once, as in Azure.
     */
    private Response adopt(Caller caller, Request request) {
        Fields fields = Fields.of(request.json(), PRINCIPAL);
        String appId = fields.requiredText("appId");
        Optional<UUID> id = Guid.parse(appId);
        if (!appId.isBlank() && id.isEmpty()) {
            fields.problem("appId", "'appId' must be a UUID.");
        }
        fields.done();
        Optional<String> known = id.flatMap(KnownApplications::name);
        Principal principal = known.map(name -> principals
                        .adopt(id.orElseThrow(), name)
                        .orElseThrow(() -> new DomainError.Conflict(ErrorInfo.of(
                                        "Request_MultipleObjectsWithSameKeyValue",
                                        "The service principal cannot be created, updated, or restored because the"
                                                + " service principal name " + appId + " is already in use."))
                                .asException()))
                .or(() -> id.flatMap(principals::findByAppId))
                .orElseThrow(() -> missing(appId));
        return Response.json(201, view.render(PrincipalView.SERVICE, principal));
    }

    private Response delete(Caller caller, Principal principal) {
        if (principal.id().equals(caller.principal())) {
            throw DomainError.notAllowed("A service principal cannot delete itself: nobody could sign in as it again.")
                    .asException();
        }
        if (principal.isManagedIdentity()) {
            throw DomainError.notAllowed("'" + principal.displayName()
                            + "' is the identity of a resource and is deleted with that resource.")
                    .asException();
        }
        if (!principals.deleteServicePrincipal(principal.id())) {
            throw missing(principal.id().toString());
        }
        return Response.empty(204);
    }

    private Principal find(String kind, Request request) {
        String id = request.variable("id");
        return PrincipalId.parse(id)
                .flatMap(principals::find)
                .filter(p -> PrincipalView.is(kind, p))
                .orElseThrow(() -> missing(id));
    }

    private static RuntimeException missing(String id) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "Request_ResourceNotFound", "Resource '" + id + "' does not exist in this directory."))
                .asException();
    }
}
