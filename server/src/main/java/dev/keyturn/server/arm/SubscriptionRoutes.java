package dev.keyturn.server.arm;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** {@code /subscriptions}, {@code /tenants} and the list of resource providers, which clients read after signing in. */
public final class SubscriptionRoutes {
    /** From the api-versions seen, newest first; any other date works as well. */
    private static final List<String> API_VERSIONS = List.of(
            "2026-03-01",
            "2025-07-01",
            "2024-11-01",
            "2024-07-01",
            "2024-03-02",
            "2023-07-01",
            "2022-09-01",
            "2022-07-02",
            "2022-04-01",
            "2021-04-01",
            "2020-12-01",
            "2020-06-01",
            "2019-11-01");

    private final ArmRoutes routes;
    private final Subscription subscription;
    private final GenericResourceService resources;

    private SubscriptionRoutes(ArmRoutes routes, Subscription subscription, GenericResourceService resources) {
        this.routes = routes;
        this.subscription = subscription;
        this.resources = resources;
    }

    public static void add(ArmRoutes routes, Subscription subscription, GenericResourceService resources) {
        SubscriptionRoutes handlers = new SubscriptionRoutes(routes, subscription, resources);
        routes.add("GET", "/subscriptions", handlers::list)
                .add("GET", "/subscriptions/{subscription}", handlers::get)
                .add("GET", "/tenants", handlers::tenants)
                .add("GET", "/subscriptions/{subscription}/locations", handlers::locations)
                .add("GET", "/subscriptions/{subscription}/providers", handlers::providers)
                .add("GET", "/subscriptions/{subscription}/providers/{namespace}", handlers::provider)
                .add("POST", "/subscriptions/{subscription}/providers/{namespace}/register", handlers::provider);
    }

    private Response list(Call call, Request request) {
        return value(document());
    }

    private Response get(Call call, Request request) {
        return Response.ok(document());
    }

    private Response tenants(Call call, Request request) {
        return value(Json.object()
                .put("id", "/tenants/" + subscription.tenant())
                .put("tenantId", subscription.tenant())
                .put("displayName", subscription.displayName())
                .put("tenantCategory", "Home"));
    }

    private Response locations(Call call, Request request) {
        ObjectNode body = Json.object();
        var value = body.putArray("value");
        regions().forEach((name, shown) -> {
            ObjectNode one = value.addObject()
                    .put("id", "/subscriptions/" + subscription.id() + "/locations/" + name)
                    .put("name", name)
                    .put("type", "Region")
                    .put("displayName", shown)
                    .put("regionalDisplayName", shown);
            one.putObject("metadata").put("regionType", "Physical").put("regionCategory", "Recommended");
        });
        return Response.ok(body);
    }

    private Map<String, String> regions() {
        return Regions.with(resources.locations(subscription.id()));
    }

    private Response providers(Call call, Request request) {
        ObjectNode body = Json.object();
        var value = body.putArray("value");
        Collection<String> regions = regions().values();
        routes.providers().forEach((namespace, types) -> value.add(provider(namespace, types, regions)));
        return Response.ok(body);
    }

    private Response provider(Call call, Request request) {
        String namespace = request.variable("namespace");
        for (Map.Entry<String, List<String>> e : routes.providers().entrySet()) {
            if (e.getKey().equalsIgnoreCase(namespace)) {
                return Response.ok(provider(e.getKey(), e.getValue(), regions().values()));
            }
        }
        throw new DomainError.NotFound(ErrorInfo.of(
                        "InvalidResourceNamespace", "The resource namespace '" + namespace + "' is invalid."))
                .asException();
    }

    private ObjectNode provider(String namespace, List<String> types, Collection<String> regions) {
        ObjectNode out = Json.object()
                .put("id", "/subscriptions/" + subscription.id() + "/providers/" + namespace)
                .put("namespace", namespace)
                .put("registrationPolicy", "RegistrationFree")
                .put("registrationState", "Registered");
        var list = out.putArray("resourceTypes");
        for (String type : types) {
            ObjectNode entry = list.addObject().put("resourceType", type);
            regions.forEach(entry.putArray("locations")::add);
            API_VERSIONS.forEach(entry.putArray("apiVersions")::add);
            entry.put("capabilities", "SupportsTags, SupportsLocation");
        }
        return out;
    }

    private ObjectNode document() {
        ObjectNode out = Json.object()
                .put("id", "/subscriptions/" + subscription.id())
                .put("authorizationSource", "RoleBased")
                .put("subscriptionId", subscription.id())
                .put("tenantId", subscription.tenant())
                .put("displayName", subscription.displayName())
                .put("state", "Enabled");
        out.putArray("managedByTenants");
        out.putObject("subscriptionPolicies")
                .put("locationPlacementId", "Internal_2014-09-01")
                .put("quotaId", "Internal_2014-09-01")
                .put("spendingLimit", "Off");
        return out;
    }

    private static Response value(ObjectNode only) {
        ObjectNode body = Json.object();
        body.putArray("value").add(only);
        return Response.ok(body);
    }
}
