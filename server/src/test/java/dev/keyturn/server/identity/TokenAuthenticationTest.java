package dev.keyturn.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.ClientSignIns.Given;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.node.SettableClock;
import dev.keyturn.server.http.Request;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenAuthenticationTest {
    private static final String TENANT = "99999999-2222-3333-4444-555555555555";
    private static final ServerNames NAMES = new ServerNames("keyturn.test", 8443);
    private static final String ARM = "https://keyturn.test:8443/arm";

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final PlatformKey master = MasterKey.of(new byte[32], new SecureRandom());
    private SqlStores stores;
    private final Issuers issuers = new Issuers(NAMES, TENANT);
    private final Audiences audiences = new Audiences(NAMES);
    private final String issuer = issuers.issuer("keyturn.test:8443", TENANT, true);

    private TestDatabase database;
    private SigningKeys keys;
    private Principals principals;
    private Principal who;
    private TokenAuthentication authentication;

    @BeforeEach
    void open(@TempDir Path dir) {
        database = TestDatabase.in(dir, SimulatedTables.MIGRATIONS);
        stores = database.stores();
        keys = new SigningKeys(database.transactions(), stores.signingKeys(), master, clock);
        keys.renew();
        principals = new Principals(
                database.transactions(), stores.principals(), stores.roleAssignments(), clock, new SecureRandom());
        who = database.transactions().write(tx -> principals.createServicePrincipal(tx, "who"));
        authentication = new TokenAuthentication(keys, issuers, principals, this::signedIn, clock);
    }

    private final Person ann =
            new Person(new PrincipalId(new UUID(0, 7)), new SignInName("ann"), "Ann", false, clock.instant(), "test");
    private final PublicClient az =
            PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
    private final Given given = new Given(ann, "sign-in", "", clock.instant());
    private boolean left;

    private Optional<Caller> signedIn(PrincipalId id, String signIn) {
        return left || !id.equals(ann.id()) || !signIn.equals("sign-in") ? Optional.empty() : Optional.of(ann.caller());
    }

    @Test
    void authenticate_aPersonsToken_namesThePerson_aslongAsThePersonIsSignedIn() throws Exception {
        String token =
                new Tokens(keys, TENANT, clock).issue(given, az, ARM, issuer).text();
        assertThat(arm(token)).isEqualTo(ann.caller());
        JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
        assertThat(claims.getClaim("idtyp")).isEqualTo("user");
        assertThat(claims.getClaim("appid")).isEqualTo(az.id());
        left = true;
        refused(bearer(token), Authentication.INVALID);
    }

    @Test
    void authenticate_aPersonsToken_withoutItsSignIn_orOfAnother_isRefused() throws Exception {
        for (Object signIn : new Object[] {"another", 7, List.of("sign-in")}) {
            JWTClaimsSet wrong = claims().subject(ann.id().toString())
                    .claim("idtyp", "user")
                    .claim("sid", signIn)
                    .build();
            refused(bearer(signed(wrong, keys.current())), Authentication.INVALID);
        }
        JWTClaimsSet none =
                claims().subject(ann.id().toString()).claim("idtyp", "user").build();
        refused(bearer(signed(none, keys.current())), Authentication.INVALID);
        JWTClaimsSet program = claims().subject(ann.id().toString()).build();
        refused(bearer(signed(program, keys.current())), Authentication.INVALID);
    }

    @Test
    void authenticate_anIdToken_opensNothing() {
        String token = new Tokens(keys, TENANT, clock)
                .identify(given, az, Optional.of("nonce"), issuer)
                .text();
        refused(bearer(token), Authentication.INVALID);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void authenticate_aTokenOfOurs_namesThePrincipal() {
        assertThat(arm(issued(ARM))).isEqualTo(new Caller(who.id(), who.appId().toString()));
        assertThat(arm(issued("https://management.azure.com/"))).isNotNull();
        assertThat(arm(issued("HTTPS://LOCALHOST:8443/arm/"))).isNotNull();
    }

    @Test
    void authenticate_withoutBearer_isMissing() {
        refused(request(Map.of()), Authentication.MISSING);
        refused(request(Map.of("authorization", "Basic abc")), Authentication.MISSING);
    }

    @Test
    void authenticate_anotherAudience_isRefusedBothWays() {
        refused(bearer(issued(NAMES.vaultResource())), Authentication.INVALID);
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> authentication.authenticate(bearer(issued(ARM)), audiences::vaults))
                .withMessageContaining("another audience");
        assertThat(authentication.authenticate(bearer(issued(NAMES.vaultResource())), audiences::vaults))
                .isNotNull();
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> authentication.authenticate(bearer(issued(NAMES.vaultResource())), audiences::hsms));
    }

    @Test
    void authenticate_expired_isRefusedToTheSecond() {
        String token = issued(ARM);
        clock.advance(Tokens.LIFETIME.minusSeconds(1));
        assertThat(arm(token)).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        refused(bearer(token), Authentication.EXPIRED);
    }

    @Test
    void authenticate_notYetValid_isRefusedBeyondTheSkew() throws Exception {
        Instant later = clock.instant().plus(Duration.ofMinutes(2));
        refused(
                bearer(signed(claims().notBeforeTime(Date.from(later)).build(), keys.current())),
                Authentication.INVALID);
    }

    @Test
    void authenticate_changedByOneCharacter_isRefused() {
        String[] parts = issued(ARM).split("\\.");
        String body = new String(Base64.getUrlDecoder().decode(parts[1]), java.nio.charset.StandardCharsets.UTF_8)
                .replace(who.id().toString(), UUID.randomUUID().toString());
        String forged = parts[0] + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "." + parts[2];
        refused(bearer(forged), Authentication.INVALID);
        refused(bearer(parts[0] + "." + parts[1] + "."), Authentication.INVALID);
        refused(bearer("nonsense"), Authentication.INVALID);
        refused(bearer("x".repeat(20_000)), Authentication.INVALID);
    }

    @Test
    void authenticate_whateverItsPartsAre_isRefusedAndNothingElse() {
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + keys.current().getKeyID() + "\"";
        for (String head : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"alg\":null}",
                "{\"alg\":\"none\"}",
                "{\"alg\":\"\"}",
                "{\"alg\":7}",
                "{\"alg\":\"RS256\",\"kid\":[]}",
                "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}",
                header + ",\"crit\":[]}",
                header + ",\"crit\":[\"b64\"],\"b64\":false}",
                header + ",\"crit\":{\"a\":1}}",
                header + ",\"jwk\":{\"kty\":\"RSA\"}}",
                header + ",\"jku\":\"http://[\"}",
                header + ",\"x5c\":[1]}",
                header + ",\"zip\":\"DEF\"}",
                header + "}")) {
            for (String body : List.of(
                    "",
                    "null",
                    "[]",
                    "7",
                    "{}",
                    "{\"aud\":7}",
                    "{\"aud\":[null]}",
                    "{\"aud\":{\"a\":1}}",
                    "{\"exp\":\"x\"}",
                    "{\"exp\":1e400}",
                    "{\"exp\":1e999999999}",
                    "{\"exp\":99999999999999999999999}",
                    "{\"exp\":-1,\"iss\":null,\"sub\":[]}",
                    "{\"iss\":{}}",
                    "{\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}")) {
                refusedAnyhow(base64(head) + "." + base64(body) + ".AAAA");
            }
        }
        for (String text : List.of(".", "..", "...", "a.b", "a.b.c.d.e", "\u0000.\uD800.\u00e9", "==.==.==")) {
            refusedAnyhow(text);
        }
    }

    private void refusedAnyhow(String token) {
        assertThatExceptionOfType(DomainException.class)
                .as(token)
                .isThrownBy(() -> arm(token))
                .satisfies(e -> assertThat(e.error()).isInstanceOf(DomainError.Unauthenticated.class));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void authenticate_signedByAnotherKeyUnderOurName_isRefused() throws Exception {
        RSAKey stranger =
                new RSAKeyGenerator(2048).keyID(keys.current().getKeyID()).generate();
        refused(bearer(signed(claims().build(), stranger)), Authentication.INVALID);
        RSAKey unknown = new RSAKeyGenerator(2048).keyID("unknown").generate();
        refused(bearer(signed(claims().build(), unknown)), Authentication.INVALID);
    }

    @Test
    void authenticate_withoutSignatureOrWithAnHmacOfThePublicKey_isRefused() throws Exception {
        refused(bearer(new PlainJWT(claims().build()).serialize()), Authentication.INVALID);
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(keys.current().getKeyID())
                        .build(),
                claims().build());
        hmac.sign(new MACSigner(keys.current().toRSAPublicKey().getEncoded()));
        refused(bearer(hmac.serialize()), Authentication.INVALID);
    }

    @Test
    void authenticate_anotherIssuerOrTenant_isRefused() throws Exception {
        refused(
                bearer(signed(
                        claims().issuer("https://evil.test/" + TENANT + "/v2.0").build(), keys.current())),
                Authentication.INVALID);
        refused(
                bearer(signed(
                        claims().claim("tid", UUID.randomUUID().toString()).build(), keys.current())),
                Authentication.INVALID);
        refused(bearer(signed(claims().issuer(null).build(), keys.current())), Authentication.INVALID);
    }

    @Test
    void authenticate_twoAudiencesOrNoEnd_isRefused() throws Exception {
        refused(
                bearer(signed(
                        claims().audience(java.util.List.of(ARM, NAMES.vaultResource()))
                                .build(),
                        keys.current())),
                Authentication.INVALID);
        refused(bearer(signed(claims().expirationTime(null).build(), keys.current())), Authentication.EXPIRED);
    }

    @Test
    void authenticate_principalDeletedMeanwhile_isRefused() {
        String token = issued(ARM);
        database.transactions()
                .run(tx -> assertThat(principals.deleteServicePrincipal(tx, who.id()))
                        .isTrue());
        refused(bearer(token), Authentication.INVALID);
    }

    @Test
    void renew_afterNinetyDays_signsWithANewKey_andTheOldOneVerifiesAsLongAsNeeded() {
        clock.advance(SigningKeys.ROTATE_AFTER.minusSeconds(1));
        keys.renew();
        String first = keys.current().getKeyID();
        String lastOfTheOld = issued(ARM);
        clock.advance(Duration.ofSeconds(1));
        keys.renew();
        assertThat(keys.current().getKeyID())
                .as("until every node has read the new one")
                .isEqualTo(first);
        clock.advance(SigningKeys.KNOWN_AFTER);
        assertThat(keys.current().getKeyID()).isNotEqualTo(first);
        assertThat(arm(lastOfTheOld)).isNotNull();
        assertThat(keys.published().getKeys()).hasSize(2);

        clock.advance(Duration.ofDays(2));
        keys.renew();
        assertThat(keys.published().getKeys()).hasSize(1);
    }

    @Test
    void find_keyThatAnotherNodeMade_isRead() {
        SigningKeys elsewhere = new SigningKeys(database.transactions(), stores.signingKeys(), master, clock);
        clock.advance(SigningKeys.ROTATE_AFTER);
        elsewhere.renew();
        String token =
                new Tokens(elsewhere, TENANT, clock).issue(who, ARM, issuer).text();
        assertThat(arm(token)).isNotNull();
    }

    @Test
    void signingKeys_atRest_areSealed() {
        var stored = database.transactions().read(stores.signingKeys()::all).getFirst();
        byte[] modulus = keys.current().getModulus().decode();
        assertThat(new String(stored.sealed(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(modulus, java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> master.open(stored.sealed(), "token-signing-key/another")
                        .close());
    }

    private String issued(String audience) {
        return new Tokens(keys, TENANT, clock).issue(who, audience, issuer).text();
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(ARM)
                .subject(who.id().toString())
                .claim("tid", TENANT)
                .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(10))));
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private Caller arm(String token) {
        return authentication.authenticate(bearer(token), audiences::arm);
    }

    private void refused(Request request, String code) {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> authentication.authenticate(request, audiences::arm))
                .satisfies(e -> {
                    assertThat(e.error()).isInstanceOf(DomainError.Unauthenticated.class);
                    assertThat(e.error().info().code()).isEqualTo(code);
                });
    }

    private static Request bearer(String token) {
        return request(Map.of("authorization", "bearer " + token));
    }

    private static Request request(Map<String, String> headers) {
        return new Request("GET", "keyturn.test:8443", "/", Map.of(), headers, new byte[0], Map.of());
    }
}
