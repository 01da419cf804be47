package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.Issuers;
import dev.keyturn.server.identity.ServerNames;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How clients find the endpoints: three forms, told apart by version and, for one client, by its user agent. */
class MetadataTest {
    private static final String SERVER = "https://keyturn.test:8443";
    /** azure-cli fetches ARM_CLOUD_METADATA_URL with Python's urllib, and wants the list whatever version is in it. */
    private static final String METADATA_URL_OF_AZ = "Python-urllib/3.11";
    /** {@code az cloud register} uses requests; azurerm and the Go SDK use Go's client. All want one object. */
    private static final String CLOUD_REGISTER = "python-requests/2.31.0";

    private static final String GO = "Go-http-client/1.1";

    private static JsonNode get(String version, String agent) {
        ServerNames names = new ServerNames("keyturn.test", 8443);
        Routes routes = new Routes();
        new MetadataRoutes(names, new Issuers(names, "99999999-2222-3333-4444-555555555555")).addTo(routes);
        Request request = new Request(
                "GET",
                "keyturn.test:8443",
                "/metadata/endpoints",
                version.isEmpty() ? Map.of() : Map.of("api-version", version),
                Map.of("user-agent", agent),
                new byte[0],
                Map.of());
        if (!(routes.match("GET", request.path()) instanceof Routes.Match.Found found)) {
            throw new AssertionError("no route");
        }
        return JsonMapper.shared().readTree(found.handler().handle(request).body());
    }

    @Test
    void endpoints_from2022_areOneObjectForAllTenants() {
        for (String agent : new String[] {CLOUD_REGISTER, GO, "", "python-requests"}) {
            JsonNode cloud = get("2022-09-01", agent);
            assertThat(cloud.isObject()).as(agent).isTrue();
            JsonNode authentication = cloud.path("authentication");
            assertThat(authentication.path("identityProvider").asString()).isEqualTo("AAD");
            assertThat(authentication.path("tenant").asString()).isEqualTo("common");
            assertThat(authentication.path("loginEndpoint").asString()).isEqualTo(SERVER);
            assertThat(authentication.path("audiences").path(0).asString()).isEqualTo(SERVER + "/arm");
            assertThat(cloud.path("suffixes").path("keyVaultDns").asString()).isEqualTo("vault.keyturn.test:8443");
        }
    }

    @Test
    void endpoints_of2019_areTheList_andSoAreThoseOfTheCommandLinesOwnSetting() {
        for (JsonNode list :
                new JsonNode[] {get("2019-05-01", CLOUD_REGISTER), get("", GO), get("2022-09-01", METADATA_URL_OF_AZ)
                }) {
            assertThat(list.isArray()).isTrue();
            JsonNode authentication = list.path(0).path("authentication");
            assertThat(authentication.path("identityProvider").asString()).isEqualTo("ADFS");
            assertThat(authentication.path("loginEndpoint").asString()).isEqualTo(SERVER + "/adfs");
        }
    }

    @Test
    void endpoints_of2015_areTheEarlyObject() {
        JsonNode early = get("2015-01-01", CLOUD_REGISTER);
        assertThat(early.path("graphEndpoint").asString()).isEqualTo(SERVER + "/graph/");
        assertThat(early.path("authentication").path("loginEndpoint").asString())
                .isEqualTo(SERVER + "/adfs");
        assertThat(early.path("authentication").path("audiences").path(0).asString())
                .isEqualTo(SERVER + "/arm");
    }
}
