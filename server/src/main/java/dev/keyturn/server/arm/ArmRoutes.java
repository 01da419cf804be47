package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Handler;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The routes of the ARM surface: methods and paths. What a caller needs, the service behind a route asks; a test calls
 * every route as somebody without any right (docs/permissions.md). Built once at the start, then read by many threads.
 */
public final class ArmRoutes {
    private final Routes routes = new Routes();
    private final Map<String, TreeSet<String>> providers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<RoutePattern> patterns = new ArrayList<>();
    private final Routes behind = new Routes();
    private final Gate gate;

    /** What stands before every handler. */
    interface Gate {
        Response pass(Request request, ArmHandler handler);
    }

    ArmRoutes(Gate gate) {
        this.gate = gate;
    }

    /**
     * A route behind which a service asks {@link dev.keyturn.core.door.Doors}, or which is for every caller with a valid
     * token.
     *
     * @param pattern as in {@link Routes#add}; a variable {@code {subscription}} is checked to be this server's
     */
    public ArmRoutes add(String method, String pattern, ArmHandler handler) {
        patterns.add(new RoutePattern(method, pattern));
        routes.add(method, pattern, request -> gate.pass(request, handler));
        behind.add(method, pattern, new Behind(handler));
        return this;
    }

    /** What is behind a route, for who came in by another way. */
    private record Behind(ArmHandler handler) implements Handler {
        @Override
        public Response handle(Request request) {
            throw new IllegalStateException("nobody comes in here without a call");
        }
    }

    /**
     * Answers a caller who came in by another way as a client with the same request would be answered: for forms, whose
     * rules are those of the API.
     *
     * @param request of this server's subscription, with an api-version
     * @throws dev.keyturn.core.model.DomainException as the route does; {@code NotFound} where there is none
     */
    public Response answer(Call call, Request request) {
        if (behind.match(request.method(), request.path()) instanceof Routes.Match.Found found
                && found.handler() instanceof Behind known) {
            return known.handler().handle(call, request.with(found.variables()));
        }
        throw new DomainError.NotFound(ErrorInfo.of("NotFound", "There is no operation at '" + request.path() + "'."))
                .asException();
    }

    /** All of them, in the order in which they were added. */
    public List<RoutePattern> patterns() {
        return List.copyOf(patterns);
    }

    /** Names a resource type ({@code Microsoft.Compute/disks}) that the provider list shows. */
    public ArmRoutes type(String type) {
        int slash = type.indexOf('/');
        providers
                .computeIfAbsent(type.substring(0, slash), _ -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
                .add(type.substring(slash + 1));
        return this;
    }

    /**
     * The scope that a request acts at: the subscription, group or resource of its path, without the action
     * ({@code .../start}) or the type (a list) behind it.
     */
    public static Scope scope(Request request) {
        return Scope.of(ArmPath.of(request.path()).id());
    }

    /**
     * The scope whose extensions of a type a request lists, or one of them names ({@code
     * SCOPE/providers/Microsoft.Authorization/roleAssignments}).
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where what is before the extension is no id
     */
    public static Scope extended(Request request, String type) {
        return ArmPath.of(request.path())
                .extended(type)
                .map(Scope::of)
                .orElseThrow(() -> new DomainError.NotFound(
                                ErrorInfo.of("NotFound", "There is no operation at '" + request.path() + "'."))
                        .asException());
    }

    /** The resource types by their provider's namespace. */
    Map<String, List<String>> providers() {
        Map<String, List<String>> out = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        providers.forEach((namespace, types) -> out.put(namespace, List.copyOf(types)));
        return out;
    }

    Routes.Match match(Request request) {
        return routes.match(request.method(), request.path());
    }
}
