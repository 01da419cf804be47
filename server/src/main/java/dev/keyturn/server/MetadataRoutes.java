package dev.keyturn.server;

import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Issuers;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.wire.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /metadata/endpoints}: how a client finds everything from the server's address alone ({@code
 * ARM_CLOUD_METADATA_URL} of the Azure CLI). No token needed.
 */
final class MetadataRoutes {
    private final ServerNames names;
    private final Issuers issuers;

    MetadataRoutes(ServerNames names, Issuers issuers) {
        this.names = names;
        this.issuers = issuers;
    }

    void addTo(Routes routes) {
        routes.add("GET", "/metadata/endpoints", this::endpoints);
    }

    private Response endpoints(Request request) {
        String server = issuers.server(request.authority());
        ObjectNode cloud = Json.object()
                .put("name", "Keyturn")
                .put("portal", server + "/")
                .put("resourceManager", server + "/")
                .put("graph", server + "/graph/")
                .put("graphAudience", server + "/graph/")
                .put("microsoftGraphResourceId", server + "/graph/")
                .put("gallery", server + "/")
                .put("batch", server + "/")
                .put("media", server + "/")
                .put("sqlManagement", server + "/")
                .put("vmImageAliasDoc", server + "/")
                .put("activeDirectoryDataLake", server + "/")
                .put("ossrdbmsResourceId", server + "/");
        ObjectNode authentication = cloud.putObject("authentication");
        authentication
                .put("loginEndpoint", server + "/adfs")
                .put("tenant", "adfs")
                .put("identityProvider", "ADFS");
        authentication.putArray("audiences").add(server + "/arm").add(server + "/");
        cloud.putObject("suffixes")
                .put("keyVaultDns", names.vaultSuffix().substring(1))
                .put("mhsmDns", names.hsmSuffix().substring(1))
                .put("storage", names.domain())
                .put("acrLoginServer", names.domain())
                .put("sqlServerHostname", names.domain());
        return Response.ok(Json.array().add(cloud));
    }
}
