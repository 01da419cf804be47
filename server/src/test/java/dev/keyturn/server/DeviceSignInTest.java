package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.oauth.ClientSignIn;
import dev.keyturn.core.people.Session;
import dev.keyturn.json.Json;
import dev.keyturn.node.SettableClock;
import dev.keyturn.server.limits.Limit;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A program asks for a code, a person types it in a browser, the program works as the person: as they send it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceSignInTest {
    private static final String AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private static final String PASSWORD = "a good long password";

    private final SettableClock clock = new SettableClock(Instant.now());
    private RunningServer server;
    private Browser admin;
    private String tenant;
    private String arm;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        ServerConfig config = ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withClock(clock);
        List<String> wrong = new ArrayList<>();
        server = RunningServer.start(config.withLimits(
                config.limits().with(List.of(Limit.OPEN_DEVICE_CODES_PER_ADDRESS.text() + "=12"), wrong)));
        assertThat(wrong).isEmpty();
        String link = server.server.firstPerson().orElseThrow().link();
        admin = new Browser(server).welcome(link, PASSWORD);
        tenant = server.env("KEYTURN_TENANT_ID");
        arm = server.env("KEYTURN_SERVER") + "/arm";
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private ObjectNode begin(String authority, Map<String, String> form) throws Exception {
        HttpResponse<String> answer = server.signIn(authority + "devicecode", with(form, "client_id", AZ));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningServer.json(answer);
    }

    private HttpResponse<String> poll(String authority, ObjectNode begun, String grant, String field) throws Exception {
        return server.signIn(
                authority + "token",
                Map.of(
                        "client_id",
                        AZ,
                        "grant_type",
                        grant,
                        field,
                        begun.get("device_code").stringValue(),
                        "client_info",
                        "1"));
    }

    private HttpResponse<String> poll(ObjectNode begun) throws Exception {
        return poll("/adfs/oauth2/", begun, "urn:ietf:params:oauth:grant-type:device_code", "device_code");
    }

    private void decide(Browser browser, ObjectNode begun, String decision) throws Exception {
        browser.get("/portal/device");
        String code = begun.get("user_code").stringValue();
        HttpResponse<String> asked = browser.post("/portal/device", Map.of("code", code));
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(asked.body())
                .contains(
                        "Azure CLI or an Azure SDK",
                        "127.0.0.1",
                        "with all of your rights",
                        "Go on only if you started");
        assertThat(browser.post("/portal/device/decide", Map.of("code", code, "decision", decision))
                        .statusCode())
                .isEqualTo(200);
    }

    private ObjectNode signedIn() throws Exception {
        ObjectNode begun = begin("/adfs/oauth2/", Map.of("scope", arm + "/.default offline_access openid profile"));
        decide(admin, begun, "allow");
        return RunningServer.json(poll(begun));
    }

    private HttpResponse<String> refresh(ObjectNode tokens, Map<String, String> more) throws Exception {
        Map<String, String> form = with(more, "client_id", AZ);
        return server.signIn(
                "/" + tenant + "/oauth2/v2.0/token",
                with(
                        with(form, "grant_type", "refresh_token"),
                        "refresh_token",
                        tokens.get("refresh_token").stringValue()));
    }

    private static Map<String, String> with(Map<String, String> form, String name, String value) {
        Map<String, String> all = new HashMap<>(form);
        all.put(name, value);
        return all;
    }

    private HttpResponse<String> groups(ObjectNode tokens) throws Exception {
        return server.send(
                "GET",
                server.subscription() + "/resourcegroups?api-version=2021-04-01",
                "",
                Map.of("Authorization", "Bearer " + tokens.get("access_token").stringValue()));
    }

    private static ObjectNode part(String jwt, int n) {
        return Json.parseObject(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[n]), StandardCharsets.UTF_8));
    }

    private static String error(HttpResponse<String> answer) {
        return RunningServer.json(answer).get("error").stringValue();
    }

    @Test
    void theProgram_isThePerson_onceThePersonHasAllowedIt() throws Exception {
        ObjectNode begun = begin("/adfs/oauth2/", Map.of("scope", arm + "/.default offline_access openid profile"));
        assertThat(begun.get("message").stringValue())
                .contains(
                        begun.get("verification_uri").stringValue(),
                        begun.get("user_code").stringValue());
        assertThat(begun.get("verification_uri").stringValue())
                .isEqualTo("https://localhost:" + server.server.port() + "/portal/device");
        HttpResponse<String> pending = poll(begun);
        assertThat(pending.statusCode()).isEqualTo(400);
        assertThat(error(pending)).isEqualTo("authorization_pending");
        assertThat(error(poll(begun))).isEqualTo("slow_down");

        decide(admin, begun, "allow");
        HttpResponse<String> answer = poll(begun);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        ObjectNode tokens = RunningServer.json(answer);
        assertThat(tokens.get("scope").stringValue()).contains(arm + "/.default");
        ObjectNode id = part(tokens.get("id_token").stringValue(), 1);
        assertThat(id.get("aud").stringValue()).isEqualTo(AZ);
        assertThat(id.get("preferred_username").stringValue()).isEqualTo("admin");
        assertThat(id.get("tid").stringValue()).isEqualTo(tenant);
        assertThat(id.get("iss").stringValue())
                .isEqualTo(RunningServer.json(server.get("/adfs/.well-known/openid-configuration"))
                        .get("issuer")
                        .stringValue());
        ObjectNode info = part("." + tokens.get("client_info").stringValue(), 1);
        assertThat(info.get("uid")).isEqualTo(id.get("oid"));
        assertThat(info.get("utid").stringValue()).isEqualTo(tenant);
        assertThat(groups(tokens).statusCode()).isEqualTo(200);
        assertThat(error(poll(begun))).isEqualTo("expired_token");
        assertThat(admin.get("/portal/clients").body()).contains("Azure CLI or an Azure SDK");
    }

    @Test
    void aBrowser_thatWasLeftOpen_isLedToSignInAgain_andBackToTheCode() throws Exception {
        ObjectNode begun = begin("/adfs/oauth2/", Map.of("scope", arm + "/.default"));
        String code = begun.get("user_code").stringValue();
        clock.advance(Session.FRESH);
        admin.get("/portal/device");
        String page = admin.post("/portal/device", Map.of("code", code)).body();
        String again = "/portal/sign-in?again=yes&go=%2Fportal%2Fdevice%3Fcode%3D" + code;
        assertThat(page).contains(again.replace("&", "&amp;"), "Refuse").doesNotContain("value=\"allow\"");
        HttpResponse<String> kept = admin.post("/portal/device/decide", Map.of("code", code, "decision", "allow"));
        assertThat(kept.statusCode()).isEqualTo(303);
        assertThat(kept.headers().firstValue("location")).contains(again);
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");

        String back = "/portal/device?code=" + code;
        assertThat(admin.get(again).body()).contains("value=\"" + back + "\"");
        HttpResponse<String> in =
                admin.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", back));
        assertThat(in.headers().firstValue("location")).contains(back);
        assertThat(admin.get(back).body()).contains("value=\"" + code + "\"");
        decide(admin, begun, "allow");
        assertThat(poll(begun).statusCode()).isEqualTo(200);
    }

    @Test
    void clientsOfTheEndpointWithoutV2_haveIt_byTheirNames() throws Exception {
        ObjectNode begun = begin("/" + tenant + "/oauth2/", Map.of("resource", arm));
        assertThat(begun.get("verification_url")).isEqualTo(begun.get("verification_uri"));
        decide(admin, begun, "allow");
        ObjectNode tokens = RunningServer.json(poll("/" + tenant + "/oauth2/", begun, "device_code", "code"));
        assertThat(tokens.get("resource").stringValue()).isEqualTo(arm);
        assertThat(tokens.has("refresh_token")).isTrue();
        assertThat(tokens.has("id_token")).isTrue();
        assertThat(groups(tokens).statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasNotAskedFor_isNotGiven() throws Exception {
        ObjectNode begun = begin("/" + tenant + "/oauth2/v2.0/", Map.of("scope", arm + "/.default"));
        decide(admin, begun, "allow");
        ObjectNode tokens = RunningServer.json(poll(begun));
        assertThat(tokens.has("refresh_token")).isFalse();
        assertThat(tokens.has("id_token")).isFalse();
    }

    @Test
    void aRefusal_isTold() throws Exception {
        ObjectNode begun = begin("/organizations/oauth2/v2.0/", Map.of("scope", arm + "/.default"));
        decide(admin, begun, "refuse");
        assertThat(error(poll(begun))).isEqualTo("access_denied");
    }

    @Test
    void aRefreshToken_bringsATokenForAnotherResource_andIsThenUsedUp() throws Exception {
        ObjectNode tokens = signedIn();
        String vaults = "https://" + server.env("KEYTURN_VAULT_SUFFIX").substring(1);
        HttpResponse<String> other = refresh(tokens, Map.of("scope", vaults + "/.default"));
        assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
        String access = RunningServer.json(other).get("access_token").stringValue();
        assertThat(part(access, 1).get("aud").stringValue()).isEqualTo(vaults);
        assertThat(groups(RunningServer.json(other)).statusCode()).isEqualTo(401);
        // also where it did not ask to stay signed in this time: the one it had is used up
        String next = RunningServer.json(other).get("refresh_token").stringValue();
        assertThat(next).isNotEqualTo(tokens.get("refresh_token").stringValue());
        clock.advance(ClientSignIn.GRACE);
        HttpResponse<String> later = refresh(RunningServer.json(other), Map.of("scope", arm + "/.default"));
        assertThat(later.statusCode()).as(later.body()).isEqualTo(200);
        tokens.put("refresh_token", next);
        HttpResponse<String> unknown = refresh(tokens, Map.of("scope", "https://elsewhere.example/.default"));
        assertThat(error(unknown)).isEqualTo("invalid_scope");
        HttpResponse<String> two = refresh(tokens, Map.of("scope", vaults + "/.default " + arm + "/.default"));
        assertThat(error(two)).isEqualTo("invalid_scope");
    }

    @Test
    void signedOutEverywhere_theProgramsTokensAreWorthNothing_atOnce() throws Exception {
        ObjectNode tokens = signedIn();
        assertThat(groups(tokens).statusCode()).isEqualTo(200);
        admin.get("/portal/me");
        admin.post("/portal/me/sign-out-everywhere", Map.of());
        assertThat(groups(tokens).statusCode()).isEqualTo(401);
        assertThat(error(refresh(tokens, Map.of()))).isEqualTo("invalid_grant");
        admin.signIn("admin", PASSWORD);
    }

    @Test
    void oneProgram_isSignedOut_fromOnesOwnPage() throws Exception {
        ObjectNode tokens = signedIn();
        String page = admin.get("/portal/clients").body();
        String id = part(tokens.get("access_token").stringValue(), 1).get("sid").stringValue();
        assertThat(page).contains(id);
        admin.post("/portal/clients/end", Map.of("client", id));
        assertThat(groups(tokens).statusCode()).isEqualTo(401);
    }

    @Test
    void noOtherClient_noSecret_noPassword_isTaken() throws Exception {
        HttpResponse<String> stranger = server.signIn("/adfs/oauth2/devicecode", Map.of("client_id", "stranger"));
        assertThat(error(stranger)).isEqualTo("unauthorized_client");
        HttpResponse<String> elsewhere = server.signIn("/elsewhere/oauth2/devicecode", Map.of("client_id", AZ));
        assertThat(elsewhere.body()).contains("Tenant 'elsewhere' not found");
        HttpResponse<String> secret = server.signIn(
                "/adfs/oauth2/token",
                Map.of("client_id", AZ, "grant_type", "refresh_token", "refresh_token", "x", "client_secret", "y"));
        assertThat(secret.body()).contains("AADSTS700025");
        HttpResponse<String> password = server.signIn(
                "/adfs/oauth2/token",
                Map.of("client_id", AZ, "grant_type", "password", "username", "admin", "password", PASSWORD));
        assertThat(password.statusCode()).isEqualTo(400);
        assertThat(password.body()).contains("--use-device-code", "--service-principal");
    }

    @Test
    void wrongCodes_arePunishedByWaiting() throws Exception {
        admin.get("/portal/people");
        HttpResponse<String> made = admin.post("/portal/people", Map.of("name", "guesser", "displayname", "guesser"));
        String link = made.body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        Browser guesser = new Browser(server).welcome(link, PASSWORD);
        guesser.get("/portal/device");
        int status = 0;
        for (int i = 0; i < 15 && status != 429; i++) {
            status = guesser.post("/portal/device", Map.of("code", "BBBBBBBB")).statusCode();
        }
        assertThat(status).isEqualTo(429);
    }

    @Test
    void theConfiguration_tellsWhatIsServed() throws Exception {
        ObjectNode told = RunningServer.json(server.get("/" + tenant + "/v2.0/.well-known/openid-configuration"));
        assertThat(told.get("device_authorization_endpoint").stringValue())
                .isEqualTo(server.env("KEYTURN_SERVER") + "/" + tenant + "/oauth2/v2.0/devicecode");
        assertThat(told.get("grant_types_supported").values())
                .extracting(g -> g.stringValue())
                .contains("client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token");
    }

    @Test
    void graph_knowsThePersonToo() throws Exception {
        ObjectNode tokens = signedIn();
        HttpResponse<String> graph = refresh(tokens, Map.of("scope", server.env("KEYTURN_SERVER") + "/graph/.default"));
        HttpResponse<String> me = server.send(
                "GET",
                "/graph/v1.0/me",
                "",
                Map.of(
                        "Authorization",
                        "Bearer "
                                + RunningServer.json(graph).get("access_token").stringValue()));
        assertThat(me.body()).contains("#microsoft.graph.user", "\"userPrincipalName\":\"admin\"");
    }
}
