package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.Json;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A program opens a browser, the person goes on there, the program brings the code that comes back: as they send it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizeTest {
    private static final String AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private static final String PASSWORD = "a good long password";
    private static final String BACK = "http://localhost:8400";
    private static final String VERIFIER = "v".repeat(43);

    private RunningServer server;
    private Browser admin;
    private Map<String, String> good;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        String link = server.server.firstPerson().orElseThrow().link();
        admin = new Browser(server).welcome(link, PASSWORD);
        good = Map.of(
                "client_id",
                AZ,
                "response_type",
                "code",
                "redirect_uri",
                BACK,
                "scope",
                server.env("KEYTURN_SERVER") + "/arm/.default offline_access openid profile",
                "state",
                "a&b",
                "nonce",
                "n-1",
                "code_challenge",
                challenge(),
                "code_challenge_method",
                "S256",
                "prompt",
                "select_account");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String challenge() throws Exception {
        byte[] sha = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha);
    }

    private Map<String, String> good(String name, String value) {
        Map<String, String> all = new HashMap<>(good);
        if (value.isEmpty()) {
            all.remove(name);
        } else {
            all.put(name, value);
        }
        return all;
    }

    private static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpResponse<String> authorize(Map<String, String> fields) throws Exception {
        return new Browser(server).get("/adfs/oauth2/authorize?" + query(fields));
    }

    private HttpResponse<String> decide(Map<String, String> fields, String decision) throws Exception {
        admin.get("/portal/authorize?" + query(fields));
        Map<String, String> all = new HashMap<>(fields);
        all.put("decision", decision);
        return admin.post("/portal/authorize", all);
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElse("");
    }

    private static Map<String, String> answer(String location) {
        return Arrays.stream(location.substring(BACK.length() + 1).split("&"))
                .collect(Collectors.toMap(
                        f -> f.substring(0, f.indexOf('=')),
                        f -> URLDecoder.decode(f.substring(f.indexOf('=') + 1), StandardCharsets.UTF_8)));
    }

    private String code() throws Exception {
        HttpResponse<String> sent = decide(good, "allow");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
        return answer(location(sent)).getOrDefault("code", "");
    }

    private HttpResponse<String> redeem(String code, String redirect, String verifier) throws Exception {
        return server.signIn(
                "/adfs/oauth2/token",
                Map.of(
                        "client_id",
                        AZ,
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirect,
                        "code_verifier",
                        verifier,
                        "client_info",
                        "1"));
    }

    private static String error(HttpResponse<String> answer) {
        return RunningServer.json(answer).get("error").stringValue();
    }

    private HttpResponse<String> groups(ObjectNode tokens) throws Exception {
        return server.send(
                "GET",
                server.subscription() + "/resourcegroups?api-version=2021-04-01",
                "",
                Map.of("Authorization", "Bearer " + tokens.get("access_token").stringValue()));
    }

    @Test
    void thePerson_signsIn_goesOn_andTheProgramIsThePerson_once() throws Exception {
        HttpResponse<String> opened = authorize(good);
        assertThat(opened.statusCode()).isEqualTo(303);
        assertThat(location(opened)).startsWith("/portal/authorize?");

        Browser fresh = new Browser(server);
        String signIn = location(fresh.get(location(opened)));
        assertThat(signIn).startsWith("/portal/sign-in?go=");
        fresh.get(signIn);
        String go = URLDecoder.decode(signIn.substring(signIn.indexOf('=') + 1), StandardCharsets.UTF_8);
        String page = location(fresh.post("/portal/sign-in", Map.of("name", "admin", "password", PASSWORD, "go", go)));
        assertThat(page).startsWith("/portal/authorize?").contains("code_challenge=" + challenge());
        HttpResponse<String> asked = fresh.get(page);
        assertThat(asked.body()).contains("Azure CLI or an Azure SDK", BACK, "Continue");

        Map<String, String> fields = new HashMap<>(good);
        fields.put("decision", "allow");
        Map<String, String> back = answer(location(fresh.post("/portal/authorize", fields)));
        assertThat(back).containsEntry("state", "a&b").containsOnlyKeys("code", "state");

        HttpResponse<String> redeemed = redeem(back.getOrDefault("code", ""), BACK, VERIFIER);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        ObjectNode tokens = RunningServer.json(redeemed);
        String claims = tokens.get("id_token").stringValue().split("\\.")[1];
        ObjectNode id = Json.parseObject(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8));
        assertThat(id.get("nonce").stringValue()).isEqualTo("n-1");
        assertThat(tokens.has("client_info")).isTrue();
        assertThat(groups(tokens).statusCode()).isEqualTo(200);

        assertThat(error(redeem(back.getOrDefault("code", ""), BACK, VERIFIER))).isEqualTo("invalid_grant");
        assertThat(groups(tokens).statusCode())
                .as("a code that came twice ends what it began")
                .isEqualTo(401);
    }

    @Test
    void aCode_isForWhoAsked_alone() throws Exception {
        String code = code();
        assertThat(error(redeem(code, BACK, "w".repeat(43)))).isEqualTo("invalid_grant");
        assertThat(error(redeem(code, BACK, ""))).isEqualTo("invalid_grant");
        assertThat(error(redeem(code, "http://localhost:8401", VERIFIER))).isEqualTo("invalid_grant");
        HttpResponse<String> other = server.signIn(
                "/adfs/oauth2/token",
                Map.of(
                        "client_id",
                        "1950a258-227b-4e31-a9cf-717495945fc2",
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        BACK,
                        "code_verifier",
                        VERIFIER));
        assertThat(error(other)).isEqualTo("invalid_grant");
        assertThat(redeem(code, BACK, VERIFIER).statusCode()).isEqualTo(200);
    }

    @Test
    void signedOutEverywhere_aCodeThatWasNotBrought_isWorthNothing() throws Exception {
        String code = code();
        admin.get("/portal/me");
        admin.post("/portal/me/sign-out-everywhere", Map.of());
        assertThat(error(redeem(code, BACK, VERIFIER))).isEqualTo("invalid_grant");
        admin.signIn("admin", PASSWORD);
    }

    @Test
    void nothingIsGivenByComingHere_onlyByTheForm() throws Exception {
        HttpResponse<String> page = admin.get("/portal/authorize?" + query(good) + "&decision=allow");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(location(page)).isEmpty();
        Map<String, String> fields = new HashMap<>(good);
        fields.put("decision", "allow");
        assertThat(admin.postAs("/portal/authorize", fields, Map.of()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aForm_mayLeadToTheProgramThatAsked_andNowhereElse() throws Exception {
        String policy = admin.get("/portal/authorize?" + query(good))
                .headers()
                .firstValue("content-security-policy")
                .orElse("");
        assertThat(policy).contains("form-action 'self' http://localhost:8400;").doesNotContain("unsafe");
        assertThat(admin.get("/portal/device").headers().firstValue("content-security-policy"))
                .hasValueSatisfying(p -> assertThat(p).contains("form-action 'self';"));
    }

    @Test
    void aRefusal_isTold_inTheWayTheProgramWants() throws Exception {
        assertThat(answer(location(decide(good, "refuse"))))
                .containsEntry("error", "access_denied")
                .containsEntry("state", "a&b");
        assertThat(location(decide(good("response_mode", "fragment"), "refuse")))
                .startsWith(BACK + "#error=");
        HttpResponse<String> form = decide(good("response_mode", "form_post"), "refuse");
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body())
                .contains("action=\"" + BACK + "\"", "name=\"error\" value=\"access_denied\"")
                .contains("name=\"state\" value=\"a&amp;b\"");
    }

    @Test
    void nothingGoesAnywhere_whereTheClientOrTheRedirectIsWrong() throws Exception {
        for (String elsewhere : new String[] {
            "https://evil.example/",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "http://evil.example#@localhost",
            "https://localhost/",
            "http://localhost/?x=1",
            "http://localhost/#x",
            "//evil.example",
            "javascript:alert(1)",
            "http://loc alhost/",
            "http://[::1]:1/",
            "http://0x7f000001/",
            "http://localhost:",
            "http://localhost:1234567",
            ""
        }) {
            HttpResponse<String> refused = authorize(good("redirect_uri", elsewhere));
            assertThat(refused.statusCode()).as(elsewhere).isEqualTo(400);
            assertThat(location(refused)).as(elsewhere).isEmpty();
            assertThat(admin.get("/portal/authorize?" + query(good("redirect_uri", elsewhere)))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(decide(good("redirect_uri", elsewhere), "allow").statusCode())
                    .as(elsewhere)
                    .isEqualTo(400);
        }
        assertThat(authorize(good("client_id", "stranger")).statusCode()).isEqualTo(400);
        assertThat(decide(good("client_id", "stranger"), "allow").statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsWrongWithTheRest_isToldToTheProgram_andNeverAllowed() throws Exception {
        Map<Map<String, String>, String> wrong = Map.of(
                good("code_challenge", ""), "invalid_request",
                good("code_challenge_method", "plain"), "invalid_request",
                good("code_challenge_method", ""), "invalid_request",
                good("code_challenge", "short"), "invalid_request",
                good("response_type", "token"), "unsupported_response_type",
                good("response_type", ""), "invalid_request",
                good("max_age", "1"), "invalid_request",
                good("scope", "https://elsewhere.example/.default"), "invalid_scope",
                good("state", "x".repeat(1900)), "invalid_request");
        for (Map.Entry<Map<String, String>, String> one : wrong.entrySet()) {
            HttpResponse<String> told = decide(one.getKey(), "allow");
            assertThat(answer(location(told))).as(one.getKey().toString()).containsEntry("error", one.getValue());
        }
    }

    @Test
    void promptNone_isAnsweredAtOnce_withoutACode() throws Exception {
        HttpResponse<String> answer = authorize(good("prompt", "none"));
        assertThat(URI.create(location(answer)).getHost()).isEqualTo("localhost");
        assertThat(answer(location(answer)))
                .containsEntry("error", "interaction_required")
                .containsEntry("state", "a&b");
    }

    @Test
    void another_canSignIn_andComesBackToWhatWasAsked() throws Exception {
        Browser browser = new Browser(server).signIn("admin", PASSWORD);
        assertThat(browser.get("/portal/authorize?" + query(good("login_hint", "ann")))
                        .body())
                .contains("It expects", "<strong>ann</strong>");
        HttpResponse<String> left = browser.post("/portal/authorize/other", good);
        assertThat(location(left)).startsWith("/portal/sign-in?go=%2Fportal%2Fauthorize%3F");
        assertThat(browser.cookie("__Host-keyturn")).isEmpty();
    }
}
