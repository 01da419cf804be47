package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A principal rolls its own certificate with addKey and removeKey, by the proof that Microsoft Graph asks for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyRollTest {
    private static final String GRAPH = "00000003-0000-0000-c000-000000000000";
    private static final String GRAPH_BEFORE = "00000002-0000-0000-c000-000000000000";

    private RunningServer server;
    private Map<String, String> owner;
    private KeyPair first;
    private KeyPair second;
    private String id;
    private Map<String, String> itself;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        server = RunningServer.start(
                ServerConfig.in(dir.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(1)));
        owner = bearer(server.token(server.env("KEYTURN_SERVER") + "/graph/"));
        first = TestCertificates.rsa();
        second = TestCertificates.rsa();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A principal without any role, with one certificate. */
    @BeforeEach
    void robot() throws Exception {
        HttpResponse<String> made = server.send(
                "POST",
                "/graph/v1.0/applications",
                "{\"displayName\":\"robot\",\"keyCredentials\":[" + entry(first) + "]}",
                owner);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        id = json(made).path("id").asString();
        String secret = json(server.send("POST", "/graph/v1.0/applications/" + id + "/addPassword", "{}", owner))
                .path("secretText")
                .asString();
        itself = bearer(json(server.signIn(
                        "/" + server.env("KEYTURN_TENANT_ID") + "/oauth2/v2.0/token",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                json(made).path("appId").asString(),
                                "client_secret",
                                secret,
                                "scope",
                                server.env("KEYTURN_SERVER") + "/graph/.default")))
                .path("access_token")
                .asString());
    }

    @Test
    void aPrincipalWithoutAnyRight_rollsItsOwnCertificate() throws Exception {
        HttpResponse<String> added = add("applications", "/addKey", itself, proof(first, claims()), entry(second));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(json(added).path("type").asString()).isEqualTo("AsymmetricX509Cert");
        assertThat(json(added).path("usage").asString()).isEqualTo("Verify");
        JsonNode both = certificates();
        assertThat(both.size()).isEqualTo(2);

        HttpResponse<String> removed = remove(
                "applications",
                "/microsoft.graph.removeKey",
                proof(second, claims().audience(GRAPH_BEFORE)),
                both.path(0).path("keyId").asString());

        assertThat(removed.statusCode()).as(removed.body()).isEqualTo(204);
        assertThat(certificates().size()).isEqualTo(1);
        assertThat(certificates().path(0).path("keyId").asString())
                .isEqualTo(json(added).path("keyId").asString());
        // the one that was taken away proves nothing any more
        assertThat(add("applications", "/addKey", itself, proof(first, claims()), entry(first))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void servicePrincipals_haveTheSameActions() throws Exception {
        HttpResponse<String> added =
                add("servicePrincipals", "/microsoft.graph.addKey", itself, proof(first, claims()), entry(second));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(remove(
                                "servicePrincipals",
                                "/removeKey",
                                proof(first, claims()),
                                json(added).path("keyId").asString())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aProofThatProvesNothing_isRefusedSayingWhatWouldDo() throws Exception {
        Instant now = Instant.now();
        for (String proof : new String[] {
            proof(second, claims()),
            proof(first, claims().issuer(server.env("KEYTURN_CLIENT_ID"))),
            proof(first, claims().audience(server.env("KEYTURN_SERVER"))),
            proof(first, claims().notBeforeTime(null)),
            proof(first, claims().expirationTime(null)),
            proof(first, claims().expirationTime(Date.from(now.minusSeconds(1)))),
            proof(first, claims().expirationTime(Date.from(now.plus(Duration.ofHours(1))))),
            "bnVsbA.e30.AAAA",
            "x".repeat(20_000)
        }) {
            HttpResponse<String> refused = add("applications", "/addKey", itself, proof, entry(second));
            assertThat(refused.statusCode()).as(proof).isEqualTo(401);
            assertThat(refused.body())
                    .contains("Authentication_MissingOrMalformed")
                    .contains("'iss' " + id);
        }
        assertThat(certificates().size()).isEqualTo(1);
    }

    @Test
    void aCertificateThatHasExpired_provesNothing() throws Exception {
        Instant now = Instant.now();
        byte[] old = TestCertificates.of(second, now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        assertThat(add("applications", "/addKey", itself, proof(first, claims()), entry(old))
                        .statusCode())
                .isEqualTo(200);
        assertThat(add("applications", "/addKey", itself, proof(second, claims()), entry(second))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void anotherPrincipal_needsTheRightToWriteTheDirectory_besideTheProof() throws Exception {
        String other = json(server.send("POST", "/graph/v1.0/applications", "{\"displayName\":\"other\"}", owner))
                .path("id")
                .asString();
        HttpResponse<String> refused = server.send(
                "POST",
                "/graph/v1.0/applications/" + other + "/addKey",
                "{\"keyCredential\":" + entry(second) + ",\"proof\":\"" + proof(first, claims()) + "\"}",
                itself);
        assertThat(refused.statusCode()).isEqualTo(403);

        assertThat(add("applications", "/addKey", owner, proof(first, claims()), entry(second))
                        .statusCode())
                .isEqualTo(200);
        assertThat(add("applications", "/addKey", owner, "", entry(second)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void badBodies_areRefusedNamingEveryField() throws Exception {
        HttpResponse<String> empty = server.send("POST", "/graph/v1.0/applications/" + id + "/addKey", "{}", itself);
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("'proof' is required", "'keyCredential' is required");
        HttpResponse<String> password = server.send(
                "POST",
                "/graph/v1.0/applications/" + id + "/addKey",
                "{\"keyCredential\":" + entry(second) + ",\"passwordCredential\":{\"secretText\":\"x\"},\"proof\":\""
                        + proof(first, claims()) + "\"}",
                itself);
        assertThat(password.statusCode()).isEqualTo(400);
        assertThat(password.body()).contains("addPassword");
        assertThat(remove("applications", "/removeKey", proof(first, claims()), "nonsense")
                        .statusCode())
                .isEqualTo(400);
        assertThat(remove("applications", "/removeKey", proof(first, claims()), id)
                        .body())
                .contains("No key credential found");
    }

    @Test
    void certificatesBeyondTheBound_areRefused() throws Exception {
        String all = String.join(",", Collections.nCopies(100, entry(first)));
        String path = "/graph/v1.0/applications/" + id;
        assertThat(server.send("PATCH", path, "{\"keyCredentials\":[" + all + "]}", owner)
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> refused = add("applications", "/addKey", itself, proof(first, claims()), entry(second));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("Directory_QuotaExceeded", "100 certificates");
        assertThat(certificates().size()).isEqualTo(100);
    }

    private JsonNode certificates() throws Exception {
        return json(server.send("GET", "/graph/v1.0/applications/" + id, "", owner))
                .path("keyCredentials");
    }

    private HttpResponse<String> add(String kind, String action, Map<String, String> caller, String proof, String entry)
            throws Exception {
        return server.send(
                "POST",
                "/graph/v1.0/" + kind + "/" + id + action,
                "{\"keyCredential\":" + entry + ",\"passwordCredential\":null,\"proof\":\"" + proof + "\"}",
                caller);
    }

    private HttpResponse<String> remove(String kind, String action, String proof, String keyId) throws Exception {
        return server.send(
                "POST",
                "/graph/v1.0/" + kind + "/" + id + action,
                "{\"keyId\":\"" + keyId + "\",\"proof\":\"" + proof + "\"}",
                itself);
    }

    private JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(id)
                .audience(GRAPH)
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
    }

    private static String proof(KeyPair with, JWTClaimsSet.Builder claims) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), claims.build());
        jwt.sign(new RSASSASigner(with.getPrivate()));
        return jwt.serialize();
    }

    private static String entry(KeyPair keys) throws Exception {
        return entry(TestCertificates.of(keys));
    }

    private static String entry(byte[] der) {
        return "{\"type\":\"AsymmetricX509Cert\",\"usage\":\"Verify\",\"key\":\""
                + Base64.getEncoder().encodeToString(der) + "\"}";
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
