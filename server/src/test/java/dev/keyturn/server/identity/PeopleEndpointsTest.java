package dev.keyturn.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A person who signs in is told in a sentence how to go on, by each of the two ways that clients have for people. */
class PeopleEndpointsTest {
    private static final String TENANT = "99999999-2222-3333-4444-555555555555";

    private static Response send(String method, String path, Map<String, String> query) {
        Issuers issuers = new Issuers(new ServerNames("keyturn.test", 8443), TENANT);
        Routes routes = new Routes();
        new PeopleEndpoints(issuers, new OAuthErrors(issuers, Clock.systemUTC())).addTo(routes);
        Request request = new Request(method, "keyturn.test:8443", path, query, Map.of(), new byte[0], Map.of());
        if (!(routes.match(method, path) instanceof Routes.Match.Found found)) {
            throw new AssertionError("no route for " + path);
        }
        return found.handler().handle(request.with(found.variables()));
    }

    @Test
    void deviceCode_isGivenOutWithTheSentence_becauseClientsEndWithATraceWithoutOne() {
        for (String path : new String[] {
            "/adfs/oauth2/devicecode", "/" + TENANT + "/oauth2/v2.0/devicecode", "/organizations/oauth2/v2.0/devicecode"
        }) {
            Response begun = send("POST", path, Map.of());
            assertThat(begun.status()).isEqualTo(200);
            var body = Json.parseObject(begun.body());
            assertThat(body.path("message").asString()).contains("--service-principal");
            assertThat(body.path("verification_uri").asString()).isEqualTo("https://keyturn.test:8443/");
            for (String needed : new String[] {"user_code", "device_code", "expires_in", "interval"}) {
                assertThat(body.has(needed)).as(needed).isTrue();
            }
        }
        assertThat(Json.parseObject(send("POST", "/elsewhere/oauth2/devicecode", Map.of())
                                .body())
                        .path("error_description")
                        .asString())
                .contains("Tenant 'elsewhere' not found");
    }

    @Test
    void browser_goesBackToTheProgramThatOpenedIt_withTheError() {
        Response back = send(
                "GET",
                "/adfs/oauth2/authorize",
                Map.of("redirect_uri", "http://localhost:8400/", "state", "a&b\r\nSet-Cookie: x"));

        assertThat(back.status()).isEqualTo(302);
        String location = back.headers().getOrDefault("Location", "");
        assertThat(location)
                .startsWith("http://localhost:8400/?")
                .contains("error=unauthorized_client", "state=a%26b%0D%0ASet-Cookie%3A+x");
        assertThat(URI.create(location).getHost()).isEqualTo("localhost");
    }

    @Test
    void browser_isSentNowhereElse() {
        for (String elsewhere : new String[] {
            "https://evil.example/",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "https://localhost/",
            "http://localhost/?x=1",
            "//evil.example",
            "javascript:alert(1)",
            "http://loc alhost/",
            ""
        }) {
            Response refused = send("GET", "/" + TENANT + "/oauth2/v2.0/authorize", Map.of("redirect_uri", elsewhere));
            assertThat(refused.status()).as(elsewhere).isEqualTo(400);
            assertThat(refused.headers()).doesNotContainKey("Location");
        }
    }
}
