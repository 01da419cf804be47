package dev.keyturn.server.identity.outside;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An OpenID provider that says whatever a test wants. Who signs in there is in {@link #subject} and {@link #claims}. */
public final class FakeProvider implements AutoCloseable {
    public static final String CLIENT = "keyturn";

    private static final RSAKey RSA;
    private static final ECKey EC;

    static {
        // as RunningServer has it, which may come later: Java looks once
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        try {
            RSA = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
            EC = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private final HttpsServer server;
    private final Path caFile;
    private final Clock clock;
    private final Map<String, Map<String, String>> codes = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    final RSAKey rsa = RSA;
    final ECKey ec = EC;
    public String subject = "subject-1";
    public Map<String, Object> claims = new LinkedHashMap<>();
    /** Changes the ID token before it is signed. */
    Consumer<JWTClaimsSet.Builder> twist = _ -> {};
    /** What is done with the ID token instead of signing it. */
    Function<JWTClaimsSet, String> signing;
    /** The keys that it publishes. */
    List<JWK> published;
    /** Changes what it says of itself. */
    Consumer<Map<String, Object>> metadata = _ -> {};
    /** What happens instead of an answer, where it is not empty. */
    Map<String, Handler> instead = new HashMap<>();

    Map<String, Object> userinfo = new LinkedHashMap<>();

    @FunctionalInterface
    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    public FakeProvider(Path directory, Clock clock) throws Exception {
        this.clock = clock;
        published = List.of(rsa, ec);
        signing = this::signed;
        KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
        X509Certificate certificate = certificate(keys);
        caFile = directory.resolve("provider-ca.pem");
        Files.writeString(
                caFile,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(keys, certificate)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public String issuer() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    public Path caFile() {
        return caFile;
    }

    /** The paths that were asked for. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Somebody signs in, who was sent here with this address; the query of the address that the browser goes back to. */
    public Map<String, String> signIn(URI at) {
        Map<String, String> query = form(at.getRawQuery());
        String code = "code-" + codes.size();
        codes.put(code, query);
        Map<String, String> back = new HashMap<>();
        back.put("code", code);
        back.put("state", query.getOrDefault("state", ""));
        return back;
    }

    static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&")) {
            int eq = pair.indexOf('=');
            form.put(decoded(pair.substring(0, eq)), decoded(pair.substring(eq + 1)));
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** As a provider signs. */
    String signed(JWTClaimsSet claims) {
        return signed(claims, JWSAlgorithm.RS256, rsa.getKeyID(), rsa);
    }

    static String signed(JWTClaimsSet claims, JWSAlgorithm algorithm, String kid, JWK key) {
        try {
            JWSSigner signer = key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
            SignedJWT jwt =
                    new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            Handler handler = instead.get(path);
            if (handler != null) {
                handler.handle(exchange);
                return;
            }
            switch (path) {
                case "/.well-known/openid-configuration" -> send(exchange, 200, Json.text(tree(metadata())));
                case "/keys" -> send(exchange, 200, new JWKSet(published).toString());
                case "/token" -> token(exchange);
                case "/me" -> send(exchange, 200, Json.text(tree(userinfo)));
                default -> send(exchange, 404, "{}");
            }
        }
    }

    private static tools.jackson.databind.JsonNode tree(Map<String, Object> map) {
        return Json.parseObject(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(map));
    }

    private Map<String, Object> metadata() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", issuer());
        all.put("authorization_endpoint", issuer() + "/authorize");
        all.put("token_endpoint", issuer() + "/token");
        all.put("jwks_uri", issuer() + "/keys");
        all.put("end_session_endpoint", issuer() + "/out");
        all.put("response_types_supported", List.of("code"));
        all.put("subject_types_supported", List.of("public"));
        all.put("id_token_signing_alg_values_supported", List.of("RS256"));
        metadata.accept(all);
        return all;
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> wanted =
                Optional.ofNullable(codes.remove(form.getOrDefault("code", ""))).orElse(Map.of());
        boolean right = RandomToken.hash(form.getOrDefault("code_verifier", "")).equals(wanted.get("code_challenge"))
                && form.getOrDefault("redirect_uri", "").equals(wanted.get("redirect_uri"));
        if (!right) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        Instant now = clock.instant();
        JWTClaimsSet.Builder token = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject(subject)
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
                .claim("nonce", wanted.get("nonce"));
        if (wanted.containsKey("max_age")) {
            token.claim("auth_time", now.getEpochSecond());
        }
        claims.forEach(token::claim);
        twist.accept(token);
        send(
                exchange,
                200,
                "{\"access_token\":\"access\",\"token_type\":\"Bearer\",\"id_token\":\"" + signing.apply(token.build())
                        + "\"}");
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static X509Certificate certificate(KeyPair keys) throws Exception {
        X500Name name = new X500Name("CN=provider");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(Duration.ofHours(1))),
                                Date.from(now.plus(Duration.ofHours(1))),
                                name,
                                keys.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private static SSLContext tls(KeyPair keys, X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("tls", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
