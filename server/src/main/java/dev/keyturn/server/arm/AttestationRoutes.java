package dev.keyturn.server.arm;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.identity.ServerNames;
import tools.jackson.databind.node.ObjectNode;

/**
 * Microsoft.Attestation's default provider of a region (2020-10-01): a name that release policies can have as their
 * authority, which azure-cli's {@code --default-cvm-policy} asks for. Nothing attests here, and keys are not released.
 */
public final class AttestationRoutes {
    private static final String TYPE = "Microsoft.Attestation/attestationProviders";
    private static final String PROVIDERS = "/subscriptions/{subscription}/providers/Microsoft.Attestation/";

    private final Doors doors;
    private final Subscription subscription;
    private final ServerNames names;

    private AttestationRoutes(Doors doors, Subscription subscription, ServerNames names) {
        this.doors = doors;
        this.subscription = subscription;
        this.names = names;
    }

    public static void add(ArmRoutes routes, Doors doors, Subscription subscription, ServerNames names) {
        AttestationRoutes handlers = new AttestationRoutes(doors, subscription, names);
        routes.type(TYPE).add("GET", PROVIDERS + "locations/{location}/defaultProvider", handlers::provider);
    }

    private Response provider(Call call, Request request) {
        doors.require(call, Action.ATTESTATION_PROVIDER_READ, ArmRoutes.scope(request));
        String region = new Region(request.variable("location")).name();
        if (!region.matches("[a-z0-9-]{1,60}")) {
            throw DomainError.invalid("location", "A location has letters, digits and hyphens, up to 60 of them.")
                    .asException();
        }
        String name = "shared-" + region;
        ObjectNode out = Json.object()
                .put(
                        "id",
                        ArmId.subscription(subscription.id())
                                .resource(TYPE, name)
                                .toString())
                .put("name", name)
                .put("type", TYPE)
                .put("location", region);
        out.putObject("properties")
                .put("trustModel", "AAD")
                .put("status", "Ready")
                .put("attestUri", "https://" + name + ".attest." + names.domain());
        return Response.ok(out);
    }
}
