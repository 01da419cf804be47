package dev.keyturn.server.identity.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.core.outside.OutsideRefusal;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.server.identity.outside.ProviderSignIn.Ended;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a provider's answer proves, and what proves nobody, against a provider that lies as it is told. */
class ProviderSignInTest {
    private static final String URL = "https://keyturn.example:8443";
    private static final String BROWSER = "a".repeat(43);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock();
    private FakeProvider fake;
    private ProviderSignIn signIn;
    private final Set<String> taken = new HashSet<>();

    /** Stands still until it is moved. */
    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-11-26T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void start() throws Exception {
        fake = new FakeProvider(directory, clock);
        fake.claims.put("preferred_username", "ann");
        fake.claims.put("name", "Ann of the night");
        fake.claims.put("groups", List.of("them", "nights"));
        signIn = open("", PATIENCE);
    }

    @AfterEach
    void stop() {
        signIn.close();
        fake.close();
    }

    /** With the groups "nights" and "days" mapped. */
    private ProviderSignIn open(String more, Duration patience) throws Exception {
        Path file = directory.resolve("oidc.json");
        Files.writeString(
                file,
                "{\"clientId\":\"keyturn\",\"caFile\":\"provider-ca.pem\"," + more
                        + "\"groups\":{\"nights\":\"Night shift\",\"days\":\"Day shift\"}}");
        List<String> problems = new ArrayList<>();
        Optional<ProviderConfig> config =
                new ProviderOptions(Optional.of(fake.issuer()), Optional.of(file)).read(problems);
        assertThat(problems).isEmpty();
        return new ProviderSignIn(
                config.orElseThrow(),
                URL,
                new SecretKeySpec(new byte[32], "HmacSHA256"),
                new ProviderSignIn.Times(clock::instant, clock),
                new SecureRandom(),
                patience);
    }

    private Ended end(Map<String, String> back) throws Exception {
        return signIn.end(back, Optional.of(BROWSER), (answer, _) -> taken.add(answer));
    }

    private Map<String, String> walk(boolean again) throws Exception {
        return fake.signIn(signIn.begin("/portal/sets", again, BROWSER));
    }

    private Ended.In in() throws Exception {
        Ended ended = end(walk(false));
        assertThat(ended).isInstanceOf(Ended.In.class);
        return (Ended.In) ended;
    }

    private void refused(OutsideRefusal why) throws Exception {
        refused(why, walk(false));
    }

    private void refused(OutsideRefusal why, Map<String, String> back) throws Exception {
        Ended ended = end(back);
        assertThat(ended).isInstanceOf(Ended.Refused.class);
        assertThat(((Ended.Refused) ended).why()).isEqualTo(why);
    }

    @Test
    void whoSignsInThere_isKnownBySubject_withTheGroupsThatAreMapped_andGoesOnWhereTheyWere() throws Exception {
        Ended.In in = in();
        assertThat(in.go()).isEqualTo("/portal/sets");
        assertThat(in.shown().subject()).isEqualTo("subject-1");
        assertThat(in.shown().name()).isEqualTo("ann");
        assertThat(in.shown().displayName()).isEqualTo("Ann of the night");
        assertThat(in.shown().groups()).containsExactly(new GroupName("Night shift"));
        assertThat(in.shown().letIn()).isTrue();
        assertThat(in.shown().shownAt()).isEmpty();
    }

    @Test
    void theWayThere_hasStateNonceAndPkce_andNoSecret() throws Exception {
        Map<String, String> query =
                FakeProvider.form(signIn.begin("/portal", false, BROWSER).getRawQuery());
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "keyturn")
                .containsEntry("redirect_uri", URL + ProviderSignIn.BACK)
                .containsEntry("scope", "openid profile")
                .containsEntry("code_challenge_method", "S256")
                .doesNotContainKeys("prompt", "max_age", "code_verifier", "client_secret");
        Map<String, String> other =
                FakeProvider.form(signIn.begin("/portal", false, BROWSER).getRawQuery());
        assertThat(List.of("state", "nonce", "code_challenge"))
                .allSatisfy(name -> assertThat(query.get(name)).isNotBlank().isNotEqualTo(other.get(name)));
    }

    @Test
    void whoIsInNoMappedGroup_isNotLetIn_butWhereEverybodyIs() throws Exception {
        fake.claims.put("groups", List.of("Nights", "them"));
        assertThat(in().shown().letIn()).isFalse();
        signIn = open("\"everybody\":true,", PATIENCE);
        assertThat(in().shown().letIn()).isTrue();
        assertThat(in().shown().groups()).isEmpty();
    }

    @Test
    void tokenThatIsNotForThisSignIn_orNotOfThisProvider_provesNobody() throws Exception {
        Instant now = clock.instant();
        List<java.util.function.Consumer<JWTClaimsSet.Builder>> twists = List.of(
                t -> t.claim("nonce", "another"),
                t -> t.claim("nonce", null),
                t -> t.audience("another"),
                t -> t.audience(List.of()),
                t -> t.audience(List.of(FakeProvider.CLIENT, "another")),
                t -> t.claim("azp", "another"),
                t -> t.issuer("https://other.example"),
                t -> t.issuer(fake.issuer() + "/"),
                t -> t.subject(null),
                t -> t.subject("s".repeat(256)),
                t -> t.expirationTime(Date.from(now.minusSeconds(61))),
                t -> t.expirationTime(null),
                t -> t.issueTime(Date.from(now.plusSeconds(61))),
                t -> t.issueTime(Date.from(now.minusSeconds(601))),
                t -> t.issueTime(null),
                t -> t.notBeforeTime(Date.from(now.plusSeconds(61))),
                t -> t.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
        for (int i = 0; i < twists.size(); i++) {
            fake.twist = twists.get(i);
            Ended ended = end(walk(false));
            assertThat(ended).as("twist %s", i).isInstanceOf(Ended.Refused.class);
        }
        fake.twist = t -> t.audience(List.of("another", FakeProvider.CLIENT)).claim("azp", FakeProvider.CLIENT);
        assertThat(in().shown().subject()).isEqualTo("subject-1");
    }

    @Test
    void tokenThatIsSignedByNobody_orByTheWrongOne_provesNobody() throws Exception {
        RSAKey stranger = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        fake.published = List.of(fake.rsa, fake.ec, weak);
        List<java.util.function.Function<JWTClaimsSet, String>> signings = List.of(
                c -> new PlainJWT(c).serialize(),
                this::withThePublicKeyAsASecret,
                c -> FakeProvider.signed(c, JWSAlgorithm.RS256, "rsa-1", stranger),
                c -> FakeProvider.signed(c, JWSAlgorithm.RS256, "unknown", stranger),
                c -> FakeProvider.signed(c, JWSAlgorithm.RS256, "ec-1", fake.rsa),
                c -> weak(c, weak),
                c -> "not.a.token",
                c -> "");
        for (int i = 0; i < signings.size(); i++) {
            fake.signing = signings.get(i);
            Ended ended = end(walk(false));
            assertThat(ended).as("signing %s", i).isInstanceOf(Ended.Refused.class);
        }
        fake.signing = c -> FakeProvider.signed(c, JWSAlgorithm.ES256, "ec-1", fake.ec);
        assertThat(in().shown().subject()).isEqualTo("subject-1");
        fake.signing = c -> FakeProvider.signed(c, JWSAlgorithm.PS512, "rsa-1", fake.rsa);
        assertThat(in().shown().subject()).isEqualTo("subject-1");
    }

    private static String weak(JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(), claims);
            jwt.sign(new RSASSASigner(key.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String withThePublicKeyAsASecret(JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(), claims);
            jwt.sign(new MACSigner(fake.rsa.toPublicKey().getEncoded()));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAnswer_isTakenOnce_inTheBrowserThatAsked_andNotLate() throws Exception {
        Map<String, String> back = walk(false);
        Ended other = signIn.end(back, Optional.of("b".repeat(43)), (a, _) -> taken.add(a));
        assertThat(other).isInstanceOf(Ended.Refused.class);
        assertThat(signIn.end(back, Optional.empty(), (a, _) -> taken.add(a))).isInstanceOf(Ended.Refused.class);
        assertThat(end(back)).isInstanceOf(Ended.In.class);
        refused(OutsideRefusal.ANSWER, back);

        Map<String, String> late = walk(false);
        clock.now = clock.now.plus(States.LIFETIME);
        refused(OutsideRefusal.ANSWER, late);

        Map<String, String> changed = new HashMap<>(walk(false));
        changed.computeIfPresent("state", (_, s) -> (s.charAt(0) == 'A' ? "B" : "A") + s.substring(1));
        refused(OutsideRefusal.ANSWER, changed);
        refused(OutsideRefusal.ANSWER, Map.of());
    }

    @Test
    void answerWithAnotherCode_orAnError_orOfAnotherProvider_provesNobody() throws Exception {
        Map<String, String> first = walk(false);
        Map<String, String> second = new HashMap<>(walk(false));
        second.put("code", first.getOrDefault("code", "")); // of another sign-in: PKCE is what tells
        refused(OutsideRefusal.ANSWER, second);

        Map<String, String> denied = new HashMap<>(walk(false));
        denied.remove("code");
        denied.put("error", "access_denied");
        refused(OutsideRefusal.DENIED, denied);

        Map<String, String> mixed = new HashMap<>(walk(false));
        mixed.put("iss", "https://other.example");
        refused(OutsideRefusal.ANSWER, mixed);
    }

    @Test
    void whereTheProviderSaysWhichOneItIs_anAnswerWithoutThat_provesNobody() throws Exception {
        fake.metadata = m -> m.put("authorization_response_iss_parameter_supported", true);
        refused(OutsideRefusal.ANSWER);
        Map<String, String> back = new HashMap<>(walk(false));
        back.put("iss", fake.issuer());
        assertThat(end(back)).isInstanceOf(Ended.In.class);
    }

    @Test
    void signInAgain_asksForOneOfJustNow_andTakesNoOlder() throws Exception {
        URI at = signIn.begin("/portal", true, BROWSER);
        assertThat(FakeProvider.form(at.getRawQuery()))
                .containsEntry("prompt", "login")
                .containsEntry("max_age", "0");
        assertThat(((Ended.In) end(fake.signIn(at))).shown().shownAt()).contains(clock.instant());
        fake.twist = t -> t.claim("auth_time", clock.instant().getEpochSecond() - 61);
        refused(OutsideRefusal.NOT_FRESH, walk(true));
        fake.twist = t -> t.claim("auth_time", null);
        refused(OutsideRefusal.NOT_FRESH, walk(true));
        fake.twist = t -> t.claim("auth_time", clock.instant().getEpochSecond() + 3600);
        refused(OutsideRefusal.NOT_FRESH, walk(true));
    }

    /** An answer that is brought late makes nothing newer, and no clock of a provider makes it older than the sign-in. */
    @Test
    void signIn_isOfWhenTheProviderSaysThatItWas_withinWhatWasBegun() throws Exception {
        Instant begun = clock.instant();
        Map<String, String> back = walk(true);
        fake.twist = t -> t.claim("auth_time", begun.getEpochSecond() + 60);
        clock.now = begun.plusSeconds(9 * 60);
        assertThat(((Ended.In) end(back)).shown().shownAt()).contains(begun.plusSeconds(60));

        Instant next = clock.instant();
        back = walk(true);
        fake.twist = t -> t.claim("auth_time", next.getEpochSecond() - 30);
        assertThat(((Ended.In) end(back)).shown().shownAt())
                .as("its clock is behind")
                .contains(next);
    }

    @Test
    void state_tellsTheProviderNothingOfThePage() throws Exception {
        String state = FakeProvider.form(signIn.begin("/portal/vms/secret-project", false, BROWSER)
                        .getRawQuery())
                .getOrDefault("state", "");
        assertThat(new String(Base64.getUrlDecoder().decode(state), StandardCharsets.ISO_8859_1))
                .doesNotContain("portal", "secret");
        assertThat(signIn.begun(Map.of("state", state), Optional.of(BROWSER))).contains("/portal/vms/secret-project");
        assertThat(signIn.begun(Map.of("state", state), Optional.of("c".repeat(43))))
                .isEmpty();
        assertThat(signIn.begun(Map.of("state", "AAAA"), Optional.of(BROWSER))).isEmpty();
    }

    @Test
    void unknownKeys_makeTheServerAskOnce_notAtEverySignIn() throws Exception {
        in();
        RSAKey stranger = new RSAKeyGenerator(2048).keyID("unknown").generate();
        fake.signing = c -> FakeProvider.signed(c, JWSAlgorithm.RS256, "unknown", stranger);
        for (int i = 0; i < 5; i++) {
            refused(OutsideRefusal.ANSWER);
        }
        assertThat(fake.asked().stream().filter("/keys"::equals)).hasSize(1);
        assertThat(fake.asked().stream().filter(p -> p.startsWith("/.well-known")))
                .hasSize(1);
    }

    @Test
    void newKeysOfTheProvider_areFoundAfterAMinute_andAFailureRests_withTheGoodOnesForAWhile() throws Exception {
        AtomicLong nanos = new AtomicLong();
        ProviderConfig config = new ProviderOptions(
                        Optional.of(fake.issuer()), Optional.of(directory.resolve("oidc.json")))
                .read(new ArrayList<>())
                .orElseThrow();
        try (Outward outward = new Outward(config.trust(), PATIENCE)) {
            Provider provider = new Provider(fake.issuer(), outward, PATIENCE, nanos::get);
            JWSHeader rsa =
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
            JWSHeader ec =
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build();
            fake.published = List.of(fake.rsa);
            assertThat(provider.keys(rsa)).hasSize(1);
            fake.published = List.of(fake.ec);
            assertThat(provider.keys(ec)).isEmpty();
            nanos.addAndGet(Duration.ofSeconds(61).toNanos());
            assertThat(provider.keys(ec)).hasSize(1);
            assertThat(provider.keys(rsa)).isEmpty();

            nanos.addAndGet(Duration.ofHours(1).toNanos());
            fake.instead.put("/keys", e -> FakeProvider.send(e, 500, "{}"));
            for (int i = 0; i < 3; i++) {
                assertThat(provider.keys(ec)).hasSize(1); // those that were good
            }
            assertThat(fake.asked().stream().filter("/keys"::equals)).hasSize(3);
            nanos.addAndGet(Duration.ofHours(6).toNanos());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> provider.keys(ec)).isInstanceOf(ProviderAwayException.class);
            }
            assertThat(fake.asked().stream().filter("/keys"::equals)).hasSize(4);
            fake.instead.put(
                    "/keys",
                    e -> FakeProvider.send(
                            e,
                            200,
                            "{\"keys\":[null,{\"kty\":\"EC\",\"crv\":\"P-1\",\"x\":\"AA\",\"y\":\"AA\"},"
                                    + fake.ec.toPublicJWK().toJSONString() + "]}"));
            nanos.addAndGet(Provider.REST.toNanos());
            assertThat(provider.keys(ec)).as("beside keys that cannot be used").hasSize(1);
            fake.instead.clear();
            nanos.addAndGet(Provider.REST.toNanos());
            assertThat(provider.keys(ec)).hasSize(1);
        }
    }

    @Test
    void claimsThatTheTokenLacks_areAskedFor_andMustBeOfTheSamePerson() throws Exception {
        fake.metadata = m -> m.put("userinfo_endpoint", fake.issuer() + "/me");
        fake.claims.clear();
        fake.userinfo.put("sub", "subject-1");
        fake.userinfo.put("preferred_username", "ann");
        fake.userinfo.put("groups", "days");
        Ended.In in = in();
        assertThat(in.shown().name()).isEqualTo("ann");
        assertThat(in.shown().groups()).containsExactly(new GroupName("Day shift"));
        fake.userinfo.put("sub", "subject-2");
        refused(OutsideRefusal.ANSWER);
    }

    @Test
    void providerThatIsNone_isAway_andNotAskedAgainAtOnce() throws Exception {
        String discovery = "/.well-known/openid-configuration";
        List<FakeProvider.Handler> wrong = List.of(
                e -> FakeProvider.send(e, 503, "{}"),
                e -> FakeProvider.send(e, 200, "<html>"),
                e -> FakeProvider.send(e, 200, "{\"a\":\"" + "x".repeat(Outward.LONGEST) + "\"}"),
                e -> {
                    e.getResponseHeaders().set("Location", fake.issuer() + "/elsewhere");
                    FakeProvider.send(e, 302, "{}");
                });
        for (FakeProvider.Handler handler : wrong) {
            fake.instead.put(discovery, handler);
            signIn = open("", PATIENCE);
            assertThatThrownBy(signIn::requireThere).isInstanceOf(ProviderAwayException.class);
            assertThatThrownBy(() -> signIn.begin("/portal", false, BROWSER)).isInstanceOf(ProviderAwayException.class);
        }
        assertThat(fake.asked()).hasSize(wrong.size()).doesNotContain("/elsewhere");
        fake.instead.clear();
        assertThatThrownBy(signIn::requireThere).as("a failure rests").isInstanceOf(ProviderAwayException.class);
        fake.metadata = m -> m.put("issuer", "https://other.example");
        signIn = open("", PATIENCE);
        assertThatThrownBy(signIn::requireThere).hasMessageContaining("https://other.example");
        fake.metadata = m -> m.put("token_endpoint", "http://localhost:1/token");
        signIn = open("", PATIENCE);
        assertThatThrownBy(signIn::requireThere).hasMessageContaining("token_endpoint");
    }

    @Test
    void providerThatDoesNotAnswer_isNotWaitedForLong() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        fake.instead.put("/.well-known/openid-configuration", _ -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        signIn = open("", Duration.ofMillis(50));
        assertThatThrownBy(signIn::requireThere).isInstanceOf(ProviderAwayException.class);
        over.countDown();
    }

    @Test
    void signOutThere_isOfferedWhereTheProviderSaysHow() throws Exception {
        assertThat(signIn.signOut().orElseThrow().toString())
                .startsWith(fake.issuer() + "/out?client_id=keyturn&post_logout_redirect_uri=");
        fake.metadata = m -> m.remove("end_session_endpoint");
        assertThat(open("", PATIENCE).signOut()).isEmpty();
    }
}
