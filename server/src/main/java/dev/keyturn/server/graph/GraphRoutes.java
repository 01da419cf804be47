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
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
    /** The end of the four-digit years; ISO 8601 can write times that no clock here can count to. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    /** What Azure's own clients ask for where nobody says: one year. */
    private static final Duration SECRET_LIFE = Duration.ofDays(365);

    private static final Shape APPLICATION = Shape.data().text("displayName").build();
    private static final Shape PRINCIPAL = Shape.data().text("appId").build();
    private static final Shape PASSWORD = Shape.data()
            .text("passwordCredential.displayName", "passwordCredential.endDateTime")
            .build();

    private final Principals principals;
    private final Authentication authentication;
    private final Audiences audiences;
    private final Access access;
    private final Subscription subscription;
    private final Clock clock;
    private final Credentials credentials;
    private final CredentialGuard guard;

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
        this.clock = clock;
        this.credentials = new Credentials(principals, clock);
        this.guard = new CredentialGuard(assignments, access);
    }

    public void addTo(Routes routes) {
        routes.add("GET", ROOT + "/me", known(this::me));
        for (String kind : List.of("servicePrincipals", "applications")) {
            String all = ROOT + "/" + kind;
            String one = all + "/{id}";
            routes.add("GET", all, known((caller, request) -> list(kind, request)))
                    .add("GET", one, known((caller, request) -> Response.ok(render(kind, find(request)))))
                    .add("DELETE", one, writer(this::delete))
                    .add("POST", one + "/addPassword", writer(this::addPassword))
                    .add(
                            "POST",
                            one + "/removePassword",
                            writer((_, request) -> credentials.removeSecret(find(request), request)))
                    .add("PATCH", one, writer((_, request) -> credentials.replaceCertificates(find(request), request)));
        }
        routes.add("POST", ROOT + "/applications", writer(this::create))
                .add("POST", ROOT + "/servicePrincipals", writer(this::adopt));
    }

    private Handler known(BiFunction<Caller, Request, Response> handler) {
        return request -> handler.apply(authentication.authenticate(request, audiences::graph), request);
    }

    private Handler writer(BiFunction<Caller, Request, Response> handler) {
        return known((caller, request) -> {
            access.require(caller, WRITE, Scope.subscription(subscription.id()));
            if (givesCredentials(request)) {
                guard.requireMayActAs(caller, find(request).id());
            }
            return handler.apply(caller, request);
        });
    }

    /** What is done to a principal, but for taking credentials away from it. */
    private static boolean givesCredentials(Request request) {
        boolean takes = request.method().equals("DELETE")
                || request.path().toLowerCase(Locale.ROOT).endsWith("removepassword");
        return request.variables().containsKey("id") && !takes;
    }

    private Response me(Caller caller, Request request) {
        Principal self = principals.find(caller.principal()).orElseThrow(() -> missing(caller.name()));
        return Response.ok(render("servicePrincipals", self));
    }

    private Response list(String kind, Request request) {
        Predicate<Principal> wanted = PrincipalFilter.of(request);
        ObjectNode out = Json.object();
        var value = out.putArray("value");
        for (Principal principal : everyone()) {
            boolean listed = kind.equals("servicePrincipals") || !principal.isManagedIdentity();
            if (listed && wanted.test(principal)) {
                value.add(render(kind, principal));
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
        fields.done();
        return Response.json(201, render("applications", principals.createServicePrincipal(name)));
    }

    /** In Azure this makes the principal of an application; here it came with it. */
    private Response adopt(Caller caller, Request request) {
        Fields fields = Fields.of(request.json(), PRINCIPAL);
        String appId = fields.requiredText("appId");
        Optional<UUID> id = uuid(appId);
        if (!appId.isBlank() && id.isEmpty()) {
            fields.problem("appId", "'appId' must be a UUID.");
        }
        fields.done();
        Principal principal = id.flatMap(principals::findByAppId).orElseThrow(() -> missing(appId));
        return Response.json(201, render("servicePrincipals", principal));
    }

    private Response addPassword(Caller caller, Request request) {
        Principal principal = find(request);
        Fields fields = Fields.of(request.json(), PASSWORD);
        Optional<String> name = fields.text("passwordCredential.displayName");
        Optional<String> end = fields.text("passwordCredential.endDateTime");
        Instant expires = clock.instant().plus(SECRET_LIFE);
        try {
            expires = end.map(Instant::parse).orElse(expires);
            if (expires.isAfter(LAST)) {
                fields.problem(
                        "passwordCredential.endDateTime",
                        "'passwordCredential.endDateTime' must not be after " + LAST + ".");
            }
        } catch (DateTimeParseException e) {
            fields.problem(
                    "passwordCredential.endDateTime",
                    "'passwordCredential.endDateTime' must be a UTC time such as 2030-01-31T00:00:00Z.");
        }
        fields.done();
        var made = principals.addSecret(principal.id(), name.orElse("secret"), Optional.of(expires));
        return Response.ok(Json.object()
                .put("keyId", made.stored().keyId().toString())
                .put("displayName", made.stored().displayName())
                .put("hint", made.stored().hint())
                .put("startDateTime", made.stored().createdAt().toString())
                .put("endDateTime", expires.toString())
                .put("secretText", made.text()));
    }

    private Response delete(Caller caller, Request request) {
        Principal principal = find(request);
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

    private Principal find(Request request) {
        String id = request.variable("id");
        return PrincipalId.parse(id).flatMap(principals::find).orElseThrow(() -> missing(id));
    }

    private ObjectNode render(String kind, Principal p) {
        ObjectNode out = Json.object()
                .put("id", p.id().toString())
                .put("appId", p.appId().toString())
                .put("displayName", p.displayName())
                .put("createdDateTime", p.createdAt().toString());
        if (kind.equals("servicePrincipals")) {
            out.put("servicePrincipalType", p.isManagedIdentity() ? "ManagedIdentity" : "Application")
                    .put("accountEnabled", true)
                    .put("appDisplayName", p.displayName())
                    .put("appOwnerOrganizationId", subscription.tenant());
            out.putArray("servicePrincipalNames").add(p.appId().toString());
        }
        return out;
    }

    private static Optional<UUID> uuid(String text) {
        return PrincipalId.parse(text).map(PrincipalId::value);
    }

    private static RuntimeException missing(String id) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "Request_ResourceNotFound", "Resource '" + id + "' does not exist in this directory."))
                .asException();
    }
}
