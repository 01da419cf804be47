package dev.keyturn.server;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Issuers;
import dev.keyturn.server.identity.ServerNames;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /metadata/endpoints}: how a client finds everything from the server's address alone. No token needed. Three
 * forms, by {@code api-version}:
 *
 * <ul>
 *   <li>before 2019: a small object with {@code galleryEndpoint} and {@code graphEndpoint}, which azure-cli up to 2.6x
 *       reads at {@code az cloud register};
 *   <li>before 2022-09-01, and without a version: a list of clouds;
 *   <li>from 2022-09-01 on: one cloud, which azurerm, the Go SDK and {@code az cloud register} of later versions want,
 *       with the authority of all tenants (AAD). They send the user agents of Go and of Python's {@code requests}.
 * </ul>
 *
 * azure-cli's {@code ARM_CLOUD_METADATA_URL} wants the list at whatever version stands in that address. It fetches it
 * with Python's own {@code urllib}, as nobody else here does, and by that user agent it is known.
 */
final class MetadataRoutes {
    private static final String FIRST_LIST = "2019";
    private static final String FIRST_OBJECT = "2022-09-01";

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
        String version = request.query("api-version").orElse(FIRST_LIST);
        boolean urllib = request.header("user-agent")
                .filter(a -> a.toLowerCase(Locale.ROOT).startsWith("python-urllib"))
                .isPresent();
        if (version.compareTo(FIRST_LIST) < 0) {
            return Response.ok(early(server));
        }
        if (version.compareTo(FIRST_OBJECT) < 0 || urllib) {
            return Response.ok(Json.array().add(cloud(server, server + "/adfs", "adfs", "ADFS")));
        }
        return Response.ok(cloud(server, server, "common", "AAD"));
    }

    private static ObjectNode early(String server) {
        ObjectNode out = Json.object()
                .put("galleryEndpoint", server + "/")
                .put("graphEndpoint", server + "/graph/")
                .put("portalEndpoint", server + "/");
        audiences(out.putObject("authentication").put("loginEndpoint", server + "/adfs"), server);
        return out;
    }

    private ObjectNode cloud(String server, String login, String tenant, String provider) {
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
        authentication.put("loginEndpoint", login).put("tenant", tenant).put("identityProvider", provider);
        audiences(authentication, server);
        cloud.putObject("suffixes")
                .put("keyVaultDns", names.vaultSuffix().substring(1))
                .put("mhsmDns", names.hsmSuffix().substring(1))
                .put("storage", names.domain())
                .put("acrLoginServer", names.domain())
                .put("sqlServerHostname", names.domain());
        return cloud;
    }

    private static void audiences(ObjectNode authentication, String server) {
        authentication.putArray("audiences").add(server + "/arm").add(server + "/");
    }
}
