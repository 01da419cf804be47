package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Door;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The routes of the ARM surface. Each names the action that its caller needs, so that no route can forget to ask; it is
 * asked for at the scope that the request's path is ({@code /subscriptions/S/resourceGroups/G/...}). Built once at the
 * start, then read by many threads.
 */
public final class ArmRoutes {
    /** A route's answerer together with what must hold before it is called. */
    record Guarded(Optional<String> action, ArmHandler handler) {}

    private final Routes routes = new Routes();
    private final Map<String, TreeSet<String>> providers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Door> doors = new ArrayList<>();
    private final Gate gate;

    /** What stands before every handler. */
    interface Gate {
        Response pass(Request request, Guarded guarded);
    }

    ArmRoutes(Gate gate) {
        this.gate = gate;
    }

    /**
     * @param pattern as in {@link Routes#add}; a variable {@code {subscription}} is checked to be this server's
     * @param action Azure's name of what the caller must be allowed ({@code Microsoft.Compute/virtualMachines/write}),
     *     checked by {@link Access#require} before the handler runs
     */
    public ArmRoutes add(String method, String pattern, String action, ArmHandler handler) {
        doors.add(new Door(method, pattern, Optional.of(action)));
        return add(method, pattern, new Guarded(Optional.of(action), handler));
    }

    /** A route behind which a service asks {@link dev.keyturn.core.door.Doors}. */
    public ArmRoutes add(String method, String pattern, ArmHandler handler) {
        doors.add(new Door(method, pattern, Optional.empty()));
        return add(method, pattern, new Guarded(Optional.empty(), handler));
    }

    /** A route that every caller with a valid token may use. */
    public ArmRoutes addForAnyCaller(String method, String pattern, ArmHandler handler) {
        doors.add(new Door(method, pattern, Optional.empty()));
        return add(method, pattern, new Guarded(Optional.empty(), handler));
    }

    /** A route whose handler asks {@link Access} for the action itself, at a scope that is not the path's. */
    public ArmRoutes addAsking(String method, String pattern, String action, ArmHandler handler) {
        doors.add(new Door(method, pattern, Optional.of(action)));
        return add(method, pattern, new Guarded(Optional.empty(), handler));
    }

    /** All of them, in the order in which they were added. */
    public List<Door> doors() {
        return List.copyOf(doors);
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

    private ArmRoutes add(String method, String pattern, Guarded guarded) {
        routes.add(method, pattern, request -> gate.pass(request, guarded));
        return this;
    }
}
