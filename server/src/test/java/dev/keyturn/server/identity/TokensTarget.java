package dev.keyturn.server.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.crypto.impl.ECDSA;
import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.node.SettableClock;
import dev.keyturn.server.fuzz.FuzzTarget;
import dev.keyturn.server.http.Request;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bearer tokens and client assertions. The first line says how it is made of the others: {@code header} (what stands in
 * the header, with HEAD, BODY and SIG for the parts of a good token), {@code ours}, {@code stranger} and {@code hmac} (a
 * JOSE header and claims, signed by the server's key, by another one, with the public key as a secret), {@code assertion}
 * (the same, signed by a registered certificate). KID, WHO, APP, ISS, AUD and TENANT stand for what is right.
 */
public final class TokensTarget implements FuzzTarget {
    private static final String TENANT = "99999999-2222-3333-4444-555555555555";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Path directory;
    private final TestDatabase database;
    private final SigningKeys keys;
    private final Principal who;
    private final Issuers issuers;
    private final Audiences audiences;
    private final TokenAuthentication authentication;
    private final ClientAssertions assertions;
    private final KeyPair stranger;
    private final KeyPair registered;
    private final Map<String, String> right;

    public TokensTarget() throws IOException, GeneralSecurityException, OperatorCreationException {
        directory = Files.createTempDirectory("keyturn-fuzz");
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        SettableClock clock = new SettableClock(NOW);
        SqlStores stores = database.stores();
        keys = new SigningKeys(
                database.transactions(), stores.signingKeys(), MasterKey.of(new byte[32], new SecureRandom()), clock);
        keys.renew();
        Principals principals = new Principals(
                database.transactions(), stores.principals(), stores.roleAssignments(), clock, new SecureRandom());
        who = database.transactions().write(tx -> principals.createServicePrincipal(tx, "who"));
        ServerNames names = new ServerNames("keyturn.test", 8443);
        issuers = new Issuers(names, TENANT);
        audiences = new Audiences(names);
        authentication = new TokenAuthentication(keys, issuers, principals, (_, _) -> Optional.empty(), clock);
        assertions = new ClientAssertions(issuers, principals, clock);
        stranger = pair("RSA", 2048);
        registered = pair("EC", 256);
        ClientCertificate first = new ClientCertificate(UUID.randomUUID(), who.id(), certificate(registered), "c", NOW);
        database.transactions().run(tx -> principals.addCertificate(tx, first));
        String issuer = issuers.issuer("keyturn.test:8443", TENANT, true);
        String[] good = new Tokens(keys, TENANT, clock)
                .issue(who, "https://keyturn.test:8443/arm", issuer)
                .text()
                .split("\\.");
        right = Map.of(
                "HEAD",
                good[0],
                "BODY",
                good[1],
                "SIG",
                good[2],
                "KID",
                keys.current().getKeyID(),
                "WHO",
                who.id().toString(),
                "APP",
                who.appId().toString(),
                "ISS",
                issuer,
                "AUD",
                "https://keyturn.test:8443/arm",
                "TENANT",
                TENANT);
    }

    @Override
    public void run(byte[] input) throws GeneralSecurityException {
        String[] lines = FuzzTarget.text(input).split("\n", 4);
        String first = line(lines, 1);
        String second = line(lines, 2);
        String signed = base64(first.getBytes(UTF_8)) + "." + base64(second.getBytes(UTF_8));
        switch (lines[0]) {
            case "header" -> {
                boolean good = first.regionMatches(true, 0, "Bearer ", 0, 7)
                        && first.substring(7).trim().startsWith(right.get("HEAD") + "." + right.get("BODY") + ".");
                FuzzTarget.require(!accepts(first) || good, "a token that nobody signed is accepted");
            }
            case "ours" -> {
                String token = signed + "." + base64(rsa(keys.current(), signed));
                FuzzTarget.require(
                        !accepts("Bearer " + token) || isRight(first, second), "a token of ours with wrong claims");
            }
            case "stranger" -> {
                String token = signed + "." + base64(sign("SHA256withRSA", stranger.getPrivate(), signed));
                FuzzTarget.require(!accepts("Bearer " + token), "a stranger's signature is accepted");
                FuzzTarget.require(assertions.signIn(token, Optional.empty()).isEmpty(), "a stranger signed in");
            }
            case "hmac" -> {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(publicKey(), "HmacSHA256"));
                String token = signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
                FuzzTarget.require(!accepts("Bearer " + token), "what everybody can sign is accepted");
            }
            case "assertion" -> {
                byte[] der = sign("SHA256withECDSA", registered.getPrivate(), signed);
                String token = signed + "." + base64(transcoded(der));
                FuzzTarget.require(!accepts("Bearer " + token), "a client's own signature passes for the server's");
                assertions.signIn(token, Optional.empty()).ifPresent(principal -> {
                    FuzzTarget.require(principal.id().equals(who.id()), "somebody else is signed in");
                    FuzzTarget.require(isRightAssertion(first, second), "an assertion with wrong claims");
                });
            }
            default -> {
                accepts(lines[0]);
                FuzzTarget.require(
                        assertions.signIn(lines[0], Optional.of(first)).isEmpty(), "nobody signed it");
            }
        }
    }

    private String line(String[] lines, int at) {
        String out = at < lines.length ? lines[at] : "";
        for (Map.Entry<String, String> e : right.entrySet()) {
            out = out.replace(e.getKey(), e.getValue());
        }
        return out;
    }

    /** Whether the header opens ARM; a refusal must be that of who is not known. */
    private boolean accepts(String header) {
        Request request = new Request(
                "GET", "keyturn.test:8443", "/", Map.of(), Map.of("authorization", header), new byte[0], Map.of());
        try {
            FuzzTarget.require(
                    authentication
                            .authenticate(request, audiences::arm)
                            .principal()
                            .equals(who.id()),
                    "it is another's token");
            return true;
        } catch (DomainException e) {
            FuzzTarget.require(e.error() instanceof DomainError.Unauthenticated, "refused as " + e.error());
            return false;
        }
    }

    /** What docs/permissions.md wants of a token, read by another reader than the one that is tried. */
    private boolean isRight(String header, String claims) {
        try {
            ObjectNode head = Json.parseObject(header.getBytes(UTF_8));
            ObjectNode body = Json.parseObject(claims.getBytes(UTF_8));
            return head.path("alg").asString("").equals("RS256")
                    && head.path("kid").asString("").equals(right.get("KID"))
                    && !head.has("crit")
                    && issuers.accepts(body.path("iss").asString(""))
                    && body.path("tid").asString("").equals(TENANT)
                    && body.path("sub").asString("").equalsIgnoreCase(right.get("WHO"))
                    && body.path("exp").asDouble(0) > NOW.getEpochSecond()
                    && body.path("nbf").asDouble(0) <= NOW.getEpochSecond() + 61
                    && (body.path("aud").isString() || body.path("aud").size() == 1);
        } catch (BadBodyException e) {
            return false;
        }
    }

    private boolean isRightAssertion(String header, String claims) {
        try {
            ObjectNode head = Json.parseObject(header.getBytes(UTF_8));
            ObjectNode body = Json.parseObject(claims.getBytes(UTF_8));
            return head.path("alg").asString("").equals("ES256")
                    && !head.has("crit")
                    && body.path("iss").asString("").equals(body.path("sub").asString("-"))
                    && body.path("sub").asString("").equalsIgnoreCase(right.get("APP"))
                    && body.path("exp").asDouble(0) > NOW.getEpochSecond();
        } catch (BadBodyException e) {
            return false;
        }
    }

    private byte[] publicKey() {
        try {
            return keys.current().toRSAPublicKey().getEncoded();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] rsa(com.nimbusds.jose.jwk.RSAKey key, String text) throws GeneralSecurityException {
        try {
            return sign("SHA256withRSA", key.toPrivateKey(), text);
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] transcoded(byte[] der) {
        try {
            return ECDSA.transcodeSignatureToConcat(der, 64);
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(String algorithm, PrivateKey key, String text) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text.getBytes(UTF_8));
        return signature.sign();
    }

    private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static byte[] certificate(KeyPair keys) throws IOException, OperatorCreationException {
        X500Name name = new X500Name("CN=who");
        return new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(NOW.minus(Duration.ofHours(1))),
                        Date.from(NOW.plus(Duration.ofDays(30))),
                        name,
                        keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public Set<String> words() {
        return Set.of(
                "header\n",
                "ours\n",
                "stranger\n",
                "hmac\n",
                "assertion\n",
                "HEAD",
                "BODY",
                "SIG",
                "KID",
                "WHO",
                "APP",
                "\"alg\":\"RS256\"",
                "\"alg\":\"none\"",
                "\"alg\":\"HS256\"",
                "\"alg\":\"ES256\"",
                "\"kid\":",
                "\"crit\":",
                "\"b64\":false",
                "\"exp\":",
                "\"nbf\":",
                "\"iss\":",
                "\"aud\":",
                "\"tid\":",
                "\"sub\":",
                "Bearer ");
    }

    @Override
    public void close() {
        database.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
