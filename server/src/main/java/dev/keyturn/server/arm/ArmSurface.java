package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArmRoot;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.Authentication;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Azure Resource Manager. Before a route's handler runs: a valid token for this audience, this server's subscription,
 * and an api-version - in that order, so that who has no token learns nothing. What a caller may, the services ask.
 */
public final class ArmSurface implements Surface {
    /** Any date will do, older or newer than what is known, preview or not. */
    private static final Pattern API_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([-.][0-9A-Za-z.-]{1,40})?");

    private final Authentication authentication;
    private final Audiences audiences;
    private final Subscription subscription;
    private final ArmRoutes routes = new ArmRoutes(this::pass);

    public ArmSurface(Authentication authentication, Audiences audiences, Subscription subscription) {
        this.authentication = authentication;
        this.audiences = audiences;
        this.subscription = subscription;
    }

    /** Where the features add their routes, before the server starts. */
    public ArmRoutes routes() {
        return routes;
    }

    @Override
    public Response handle(Request request) {
        Response response = answer(request);
        boolean exists = request.method().equals("HEAD") && response.status() == 200;
        return exists ? new Response(204, response.headers(), "", new byte[0]) : response; // as ARM says "it is there"
    }

    private Response answer(Request request) {
        return switch (routes.match(request)) {
            case Routes.Match.Found found -> found.handler().handle(request.with(found.variables()));
            case Routes.Match.OtherMethods others -> {
                authentication.authenticate(request, audiences::arm);
                yield ArmErrors.response(new DomainError.MethodNotAllowed(ErrorInfo.of(
                                "MethodNotAllowed",
                                "'" + request.path() + "' takes " + String.join(", ", others.allowed()) + ", not "
                                        + request.method() + ".")))
                        .with("Allow", String.join(", ", others.allowed()));
            }
            case Routes.Match.None _ -> throw unknown(request).asException();
        };
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        return ArmErrors.response(error);
    }

    private Response pass(Request request, ArmHandler handler) {
        Call call = authentication.call(request, audiences::arm, Call.Door.ARM);
        Optional.ofNullable(request.variables().get("subscription")).ifPresent(subscription::require);
        requireApiVersion(request);
        return handler.handle(call, request);
    }

    private static void requireApiVersion(Request request) {
        Optional<String> version = request.query("api-version");
        if (version.isEmpty() || version.get().isBlank()) {
            throw new DomainError.Invalid(ErrorInfo.of(
                            "MissingApiVersionParameter",
                            "The api-version query parameter (?api-version=) is required for all requests."))
                    .asException();
        }
        if (!API_VERSION.matcher(version.get()).matches()) {
            throw new DomainError.Invalid(ErrorInfo.at(
                            "api-version",
                            "InvalidApiVersionParameter",
                            "The api-version is invalid. It must be a date like '2024-07-01', with '-preview' behind it"
                                    + " where it is one."))
                    .asException();
        }
    }

    private DomainError unknown(Request request) {
        ArmPath path = ArmPath.of(request.path());
        String behind = path.rest().isEmpty() ? "" : path.rest().getFirst();
        if (path.id().equals(ArmId.TENANT)
                && !behind.equalsIgnoreCase("subscriptions")
                && !behind.equalsIgnoreCase("providers")) {
            return new DomainError.NotFound(
                    ErrorInfo.of("NotFound", "There is nothing at '" + request.path() + "' on this server."));
        }
        authentication.authenticate(request, audiences::arm);
        if (!(path.id().root() instanceof ArmRoot.Tenant)) {
            subscription.require(path.id().subscription());
        }
        Optional<String> named = path.namespace();
        if (named.isEmpty()) {
            return new DomainError.NotFound(
                    ErrorInfo.of("NotFound", "There is no operation at '" + request.path() + "'."));
        }
        String namespace = named.get();
        Map<String, List<String>> known = routes.providers();
        if (!known.containsKey(namespace)) {
            return new DomainError.NotFound(
                    ErrorInfo.of("InvalidResourceNamespace", "The resource namespace '" + namespace + "' is invalid."));
        }
        String type = path.type();
        return known.get(namespace).stream().anyMatch(type::equalsIgnoreCase)
                ? new DomainError.NotFound(ErrorInfo.of(
                        "NotFound",
                        "The resource type '" + namespace + "/" + type + "' has no operation '" + request.method() + " "
                                + request.path() + "'."))
                : new DomainError.NotFound(ErrorInfo.of(
                        "InvalidResourceType",
                        "The resource type '" + type + "' could not be found in the namespace '" + namespace
                                + "'. It has " + String.join(", ", known.get(namespace)) + "."));
    }
}
