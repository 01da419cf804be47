package dev.keyturn.server.graph;

import dev.keyturn.core.directory.Directory;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Handler;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.Authentication;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Service principals below {@code /graph/v1.0}, in the shapes of Microsoft Graph 1.0. Here an application and its
 * service principal are one thing with one id. Any valid token reads the directory, as in Azure; who writes it needs
 * what {@link Directory} asks for. A secret is shown once, in the answer that made it.
 */
public final class GraphRoutes {
    private static final String ROOT = "/graph/v1.0";
    private static final int PAGE = 1_000;

    private static final Shape APPLICATION =
            Credentials.lists(Shape.data().text("displayName")).build();
    private static final Shape PRINCIPAL = Shape.data().text("appId").build();

    private final Principals principals;
    private final Function<PrincipalId, Optional<Person>> people;
    private final Directory directory;
    private final Authentication authentication;
    private final Audiences audiences;
    private final Credentials credentials;
    private final KeyRolls rolls;
    private final PrincipalView view;

    public GraphRoutes(
            Principals principals,
            Function<PrincipalId, Optional<Person>> people,
            Directory directory,
            Authentication authentication,
            Audiences audiences,
            Subscription subscription,
            Clock clock) {
        this.principals = principals;
        this.people = people;
        this.directory = directory;
        this.authentication = authentication;
        this.audiences = audiences;
        this.credentials = new Credentials(principals, directory, clock);
        this.rolls = new KeyRolls(principals, directory, clock);
        this.view = new PrincipalView(principals, subscription.tenant());
    }

    public void addTo(Routes routes) {
        routes.add("GET", ROOT + "/me", known(this::me));
        for (String kind : List.of(PrincipalView.SERVICE, PrincipalView.APPLICATION)) {
            String all = ROOT + "/" + kind;
            String one = all + "/{id}";
            routes.add("GET", all, known((_, request) -> list(kind, request)))
                    .add("GET", one, known((_, request) -> Response.ok(view.render(kind, find(kind, request)))))
                    .add("DELETE", one, of(kind, this::writes, this::delete))
                    .add("PATCH", one, of(kind, this::gives, credentials::replace));
            // Some of Azure's SDKs write an action with its namespace.
            for (String action : List.of(one + "/", one + "/microsoft.graph.")) {
                routes.add("POST", action + "addPassword", of(kind, this::gives, credentials::addSecret))
                        .add("POST", action + "removePassword", of(kind, this::writes, credentials::removeSecret))
                        .add("POST", action + "addKey", of(kind, this::rolls, rolls::add))
                        .add("POST", action + "removeKey", of(kind, this::unrolls, rolls::remove));
            }
        }
        routes.add("POST", ROOT + "/applications", known(this::create))
                .add("POST", ROOT + "/servicePrincipals", known(this::adopt));
    }

    /** Answers a request about one principal. */
    interface OfPrincipal {
        Response answer(Call call, Principal principal, Request request);
    }

    private Handler known(BiFunction<Call, Request, Response> handler) {
        return request -> handler.apply(authentication.call(request, audiences::graph, Call.Door.GRAPH), request);
    }

    /** @param asks refuses, before it is said whether there is such a principal, and before a body is read */
    private Handler of(String kind, BiConsumer<Call, Request> asks, OfPrincipal handler) {
        return known((call, request) -> {
            asks.accept(call, request);
            return handler.answer(call, find(kind, request), request);
        });
    }

    private void writes(Call call, Request request) {
        directory.requireWrite(call);
    }

    private void gives(Call call, Request request) {
        id(request).ifPresentOrElse(id -> directory.requireGive(call, id), () -> directory.requireWrite(call));
    }

    /** A principal rolls its own certificates with no right but its proof, as in Azure; others need both. */
    private void rolls(Call call, Request request) {
        id(request).ifPresentOrElse(id -> directory.requireRoll(call, id), () -> directory.requireWrite(call));
    }

    private void unrolls(Call call, Request request) {
        id(request).ifPresentOrElse(id -> directory.requireUnroll(call, id), () -> directory.requireWrite(call));
    }

    private static Optional<PrincipalId> id(Request request) {
        return PrincipalId.parse(request.variable("id"));
    }

    private Response me(Call call, Request request) {
        PrincipalId self = call.caller().principal();
        return principals
                .find(self)
                .map(p -> view.render(PrincipalView.SERVICE, p))
                .or(() -> people.apply(self).map(PrincipalView::user))
                .map(Response::ok)
                .orElseThrow(() -> missing(call.caller().name()));
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

    private Response create(Call call, Request request) {
        directory.requireWrite(call);
        Fields fields = Fields.of(request.json(), APPLICATION);
        String name = fields.requiredText("displayName");
        if (name.length() > 256) {
            fields.problem("displayName", "'displayName' must have at most 256 characters.");
        }
        Credentials.NewCredentials given = credentials.read(fields, List.of(), List.of());
        fields.done();
        Principal made = directory.create(call, name, given.certificates());
        return Response.json(201, view.render(PrincipalView.APPLICATION, made));
    }

    /**
     * In Azure this makes the principal of an application; of one that was made here it came with it. Applications of
     * Azure's own get theirs once, as in Azure.
     */
    private Response adopt(Call call, Request request) {
        directory.requireWrite(call);
        Fields fields = Fields.of(request.json(), PRINCIPAL);
        String appId = fields.requiredText("appId");
        Optional<UUID> id = Guid.parse(appId);
        if (!appId.isBlank() && id.isEmpty()) {
            fields.problem("appId", "'appId' must be a UUID.");
        }
        fields.done();
        Optional<String> known = id.flatMap(KnownApplications::name);
        Principal principal = known.map(name -> directory.adopt(call, id.orElseThrow(), name))
                .or(() -> id.flatMap(principals::findByAppId))
                .orElseThrow(() -> missing(appId));
        return Response.json(201, view.render(PrincipalView.SERVICE, principal));
    }

    private Response delete(Call call, Principal principal, Request request) {
        directory.delete(call, principal.id());
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
