package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A service principal registers a certificate and signs in with it, as azure-identity's certificate credential does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientAssertionTest {
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private RunningServer server;
    private KeyPair keys;
    private String appId;
    private String objectId;
    private Map<String, String> graph;

    @BeforeAll
    void register(@TempDir Path dir) throws Exception {
        server = RunningServer.start(ServerConfig.in(dir.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(1))
                .withLimits(Limits.defaults().with(Limit.FAILED_TOKENS_PER_CLIENT, 1_000)));
        keys = TestCertificates.rsa();
        graph = Map.of("Authorization", "Bearer " + server.token(server.env("KEYTURN_SERVER") + "/graph/"));
        var made = json(server.send("POST", "/graph/v1.0/applications", "{\"displayName\":\"robot\"}", graph));
        appId = made.get("appId").stringValue();
        objectId = made.get("id").stringValue();
        assertThat(credentials(Base64.getEncoder().encodeToString(TestCertificates.of(keys)))
                        .statusCode())
                .isEqualTo(204);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void assertion_signedByTheRegisteredCertificate_bringsAToken() throws Exception {
        HttpResponse<String> issued = signIn(keys, claims());
        assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);
        HttpResponse<String> list = server.send(
                "GET",
                "/subscriptions?api-version=2022-12-01",
                "",
                Map.of(
                        "Authorization",
                        "Bearer " + json(issued).get("access_token").stringValue()));
        assertThat(list.statusCode()).isEqualTo(200);
    }

    @Test
    void assertion_signedByAnotherKey_isRefused() throws Exception {
        refused(signIn(TestCertificates.rsa(), claims()));
    }

    @Test
    void assertion_expiredForAnotherPlaceOrAboutAnother_isRefused() throws Exception {
        Instant now = Instant.now();
        refused(signIn(keys, claims().expirationTime(Date.from(now.minusSeconds(1)))));
        refused(signIn(keys, claims().expirationTime(null)));
        refused(signIn(keys, claims().expirationTime(Date.from(now.plus(Duration.ofDays(30))))));
        refused(signIn(keys, claims().audience("https://login.example/oauth2/v2.0/token")));
        refused(signIn(keys, claims().subject(server.env("KEYTURN_CLIENT_ID"))));
        refused(signIn(
                keys, claims().subject(server.env("KEYTURN_CLIENT_ID")).issuer(server.env("KEYTURN_CLIENT_ID"))));
    }

    @Test
    void registering_whatIsNoCertificate_namesTheField() throws Exception {
        HttpResponse<String> refused = credentials("bm9uc2Vuc2U=");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("keyCredentials[0].key");
    }

    @Test
    void certificate_givenWhenTheApplicationIsMade_signsInToo() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair own = generator.generateKeyPair();
        String key = Base64.getEncoder().encodeToString(TestCertificates.of(own));
        var made = json(server.send(
                "POST",
                "/graph/v1.0/applications",
                "{\"displayName\":\"born with it\",\"keyCredentials\":[{\"type\":\"AsymmetricX509Cert\","
                        + "\"usage\":\"Verify\",\"key\":\"" + key + "\"}]}",
                graph));
        assertThat(made.path("keyCredentials").path(0).path("type").asString()).isEqualTo("AsymmetricX509Cert");
        assertThat(made.path("keyCredentials").path(0).path("endDateTime").asString())
                .isNotBlank();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).build(),
                claims().issuer(made.path("appId").asString())
                        .subject(made.path("appId").asString())
                        .build());
        jwt.sign(new ECDSASigner((ECPrivateKey) own.getPrivate()));

        HttpResponse<String> signedIn = signIn(jwt.serialize());

        assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(200);
        HttpResponse<String> bad = server.send(
                "POST",
                "/graph/v1.0/applications",
                "{\"displayName\":\"none\",\"keyCredentials\":[{\"key\":\"AAAA\"}]}",
                graph);
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("keyCredentials[0].key");
    }

    @Test
    void certificate_addedToTheListThatWasRead_leavesTheOthersInPlace() throws Exception {
        String app = "/graph/v1.0/applications/" + objectId;
        var before = json(server.send("GET", app, "", graph)).path("keyCredentials");
        String more = "{\"type\":\"AsymmetricX509Cert\",\"usage\":\"Verify\",\"key\":\""
                + Base64.getEncoder().encodeToString(TestCertificates.of(keys)) + "\"}";

        HttpResponse<String> patched =
                server.send("PATCH", app, "{\"keyCredentials\":[" + before.get(0) + "," + more + "]}", graph);

        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(204);
        var after = json(server.send("GET", app, "", graph)).path("keyCredentials");
        assertThat(after.size()).isEqualTo(2);
        assertThat(after.path(0).path("keyId")).isEqualTo(before.path(0).path("keyId"));
        assertThat(server.send("PATCH", app, "{\"keyCredentials\":[" + before.get(0) + "]}", graph)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void certificate_asAzureCliWritesIt_inLinesAndWithItsOwnKeyId_isKeptUnderThatKeyId() throws Exception {
        String lines = Base64.getMimeEncoder(64, new byte[] {10})
                .encodeToString(TestCertificates.of(keys))
                .replace("\n", "\\n");
        String keyId = "749da630-faf3-4562-9b79-ca6eaabe12de";
        String body =
                "{\"displayName\":\"of az\",\"keyCredentials\":[{\"@odata.type\":\"#microsoft.graph.keyCredential\","
                        + "\"displayName\":null,\"endDateTime\":\"2027-11-26T07:19:59Z\",\"key\":\"" + lines
                        + "\",\"keyId\":\""
                        + keyId + "\",\"type\":\"AsymmetricX509Cert\",\"usage\":\"Verify\"}]}";

        HttpResponse<String> made = server.send("POST", "/graph/v1.0/applications", body, graph);

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(json(made).path("keyCredentials").path(0).path("keyId").asString())
                .isEqualTo(keyId);
        HttpResponse<String> again = server.send("POST", "/graph/v1.0/applications", body, graph);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertThat(again.body()).contains(keyId);
    }

    @Test
    void certificate_ofAnotherUse_isRefusedNamingTheField() throws Exception {
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(TestCertificates.of(keys));
        for (String[] row : new String[][] {
            {"X509CertAndPassword", "Verify", "keyCredentials[0].type"},
            {"AsymmetricX509Cert", "Sign", "keyCredentials[0].usage"},
        }) {
            HttpResponse<String> refused = server.send(
                    "POST",
                    "/graph/v1.0/applications",
                    "{\"displayName\":\"x\",\"keyCredentials\":[{\"type\":\"" + row[0] + "\",\"usage\":\"" + row[1]
                            + "\",\"key\":\"" + key + "\"}]}",
                    graph);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains(row[2]);
        }
    }

    private void refused(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).get("error").stringValue()).isEqualTo("invalid_client");
    }

    private HttpResponse<String> credentials(String key) throws Exception {
        return server.send(
                "PATCH",
                "/graph/v1.0/applications/" + objectId,
                "{\"keyCredentials\":[{\"type\":\"AsymmetricX509Cert\",\"usage\":\"Verify\",\"key\":\"" + key + "\"}]}",
                graph);
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(appId)
                .subject(appId)
                .audience(server.env("KEYTURN_SERVER") + "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(10))));
    }

    @Test
    void assertion_ofWhateverForm_isRefusedAndNoFaultOfTheServer() throws Exception {
        for (String text :
                new String[] {"bnVsbA.e30.AAAA", "W10.e30.AAAA", "e30.bnVsbA.AAAA", "..", "x".repeat(10_000)}) {
            refused(signIn(text));
        }
        assertThat(signIn("x".repeat(100_000)).statusCode()).isEqualTo(413); // more than is read without a token
    }

    private HttpResponse<String> signIn(KeyPair with, JWTClaimsSet.Builder claims) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.PS256).build(), claims.build());
        jwt.sign(new RSASSASigner(with.getPrivate()));
        return signIn(jwt.serialize());
    }

    private HttpResponse<String> signIn(String assertion) throws Exception {
        return server.signIn(
                "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_assertion_type",
                        TYPE,
                        "client_assertion",
                        assertion,
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default"));
    }
}
