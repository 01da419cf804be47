package dev.keyturn.server.identity.outside;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.keyturn.core.outside.OutsideRefusal;
import dev.keyturn.core.outside.OutsideSignIn.Shown;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.server.identity.outside.States.Pending;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs people in at the provider: the authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636) and, where
 * the provider announces it, its name in the answer (RFC 9207). Nothing is asked there before somebody wants to sign in.
 * Thread-safe.
 */
public final class ProviderSignIn implements AutoCloseable {
    /** Where the provider sends the browser back to, below the server's own address. */
    public static final String BACK = "/portal/sign-in/outside/back";

    /** How long to wait before the provider is tried again. */
    public static final Duration AGAIN = Provider.REST;

    private static final Logger LOG = LoggerFactory.getLogger(ProviderSignIn.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int LONGEST_CODE = 4096;

    private final ProviderConfig config;
    private final Outward outward;
    private final Provider provider;
    private final IdTokens tokens;
    private final CodeExchange exchange;
    private final States states;
    private final String url;
    private final Times times;

    /** The times of this server. */
    public record Times(Supplier<Instant> server, Clock clock) {}

    /**
     * @param key of HMAC-SHA256, the same on every node and after every start
     * @param url the server's own
     */
    public ProviderSignIn(ProviderConfig config, String url, Key key, Times times, SecureRandom random) {
        this(config, url, key, times, random, PATIENCE);
    }

    ProviderSignIn(ProviderConfig config, String url, Key key, Times times, SecureRandom random, Duration patience) {
        this.config = config;
        this.url = url;
        this.times = times;
        this.outward = new Outward(config.trust(), patience);
        this.provider = new Provider(config.issuer(), outward, patience, System::nanoTime);
        this.tokens = new IdTokens(config, provider, times.clock());
        this.exchange = new CodeExchange(config, outward, back());
        this.states = new States(key, times.server(), times.clock()::instant, random);
    }

    public String issuer() {
        return config.issuer();
    }

    /** Where people come who want to sign in: the host of the provider. */
    public String host() {
        return URI.create(config.issuer()).getHost();
    }

    /** Asks the provider what it is, where that is not known. */
    public void requireThere() throws ProviderAwayException {
        provider.metadata();
    }

    /**
     * Where to send a browser that wants to sign in.
     *
     * @param go the path to go on to afterwards
     * @param again the person shall show there who it is, known or not
     * @param browser the cookie that the browser has for forms
     */
    public URI begin(String go, boolean again, String browser) throws ProviderAwayException {
        OIDCProviderMetadata there = provider.metadata();
        Pending pending = states.begin(go, again, browser);
        AuthenticationRequest.Builder request = new AuthenticationRequest.Builder(
                        new ResponseType(ResponseType.Value.CODE),
                        new Scope(config.scopes().toArray(String[]::new)),
                        new ClientID(config.client()),
                        back())
                .endpointURI(there.getAuthorizationEndpointURI())
                .state(new State(pending.state()))
                .nonce(new Nonce(pending.nonce()))
                .codeChallenge(new CodeVerifier(pending.verifier()), CodeChallengeMethod.S256);
        if (again) {
            request.prompt(Prompt.Type.LOGIN).maxAge(0);
        }
        return request.build().toURI();
    }

    /** Where somebody signs out at the provider as well; empty where it does not say, or does not answer. */
    public Optional<URI> signOut() {
        try {
            return Optional.ofNullable(provider.metadata().getEndSessionEndpointURI())
                    .filter(Provider::https)
                    .filter(at -> at.getQuery() == null)
                    .map(at -> URI.create(at + "?client_id=" + encoded(config.client()) + "&post_logout_redirect_uri="
                            + encoded(url + "/portal/sign-in")));
        } catch (ProviderAwayException e) {
            return Optional.empty();
        }
    }

    /** Whether the answer is one to a sign-in that was begun in this browser: where that leads. Asks and notes nothing. */
    public Optional<String> begun(Map<String, String> query, Optional<String> browser) {
        return browser.flatMap(b -> states.open(query.getOrDefault("state", ""), b))
                .map(Pending::go);
    }

    /** What became of an answer of the provider. */
    public sealed interface Ended {
        /** The path to go on to. */
        String go();

        /** Somebody is proven. */
        record In(Shown shown, String go) implements Ended {}

        /** Nobody is; {@code subject} where it is known who was not. */
        record Refused(OutsideRefusal why, Optional<String> subject, String go) implements Ended {}
    }

    /** Notes that an answer was taken, until it would be over; false where it was taken before. */
    @FunctionalInterface
    public interface Once {
        boolean first(String answer, Instant over);
    }

    /**
     * Takes the answer that a browser brings.
     *
     * @param query of the address that the provider sent the browser to
     * @param browser the cookie that the browser has for forms
     */
    public Ended end(Map<String, String> query, Optional<String> browser, Once once) throws ProviderAwayException {
        Optional<Pending> found = browser.flatMap(b -> states.open(query.getOrDefault("state", ""), b));
        String go = found.map(Pending::go).orElse("/portal");
        try {
            Pending pending = found.orElseThrow(
                    () -> new NotProvenException("the state is not one that this browser was given, or it is over"));
            return end(query, pending, once);
        } catch (NotProvenException e) {
            LOG.warn("nobody comes in from {}: {}", config.issuer(), e.getMessage());
            return new Ended.Refused(e.why(), e.subject(), go);
        } catch (ProviderAwayException e) {
            LOG.warn("nobody comes in from {}: {}", config.issuer(), e.getMessage());
            throw e;
        }
    }

    private Ended end(Map<String, String> query, Pending pending, Once once)
            throws NotProvenException, ProviderAwayException {
        OIDCProviderMetadata there = provider.metadata();
        requireIssuer(query, there);
        if (!once.first("outside " + pending.id(), pending.over())) {
            throw new NotProvenException("the answer was brought before");
        }
        if (query.containsKey("error")) {
            throw new NotProvenException(
                    OutsideRefusal.DENIED,
                    "the provider says '" + CodeExchange.plain(query.getOrDefault("error", "")) + "'");
        }
        String code = query.getOrDefault("code", "");
        if (code.isBlank() || code.length() > LONGEST_CODE) {
            throw new NotProvenException("the answer has no code");
        }
        OIDCTokenResponse given = exchange.redeem(there, code, pending);
        AccessToken access = given.getOIDCTokens().getAccessToken();
        String token = Optional.ofNullable(given.getOIDCTokens().getIDTokenString())
                .orElseThrow(() -> new NotProvenException("the provider gives no ID token"));
        JWTClaimsSet claims = tokens.check(token, pending, access);
        Optional<Instant> shownAt = tokens.shownAt(claims, pending).map(at -> here(at, pending));
        return new Ended.In(shown(claims.getSubject(), exchange.said(there, claims, access), shownAt), pending.go());
    }

    /** A time of the provider's, by the server's own time. It was within this sign-in, however the clocks differ. */
    private Instant here(Instant theirs, Pending pending) {
        Instant begun = pending.over().minus(States.LIFETIME);
        Instant at = times.server()
                .get()
                .minus(Duration.between(theirs, times.clock().instant()));
        return at.isBefore(begun) ? begun : at;
    }

    /** Where several providers sign people in, one must not pass for the other (RFC 9207, section 2.4). */
    private void requireIssuer(Map<String, String> query, OIDCProviderMetadata there) throws NotProvenException {
        Optional<String> said = Optional.ofNullable(query.get("iss"));
        if (said.isEmpty() && there.supportsAuthorizationResponseIssuerParam()) {
            throw new NotProvenException("the answer does not say of which provider it is, though this one says it");
        }
        if (said.filter(s -> !s.equals(config.issuer())).isPresent()) {
            throw new NotProvenException("the answer is of another provider");
        }
    }

    private Shown shown(String subject, Said said, Optional<Instant> shownAt) {
        List<String> theirs = new ArrayList<>(said.texts(config.claims().groups()));
        Set<GroupName> groups = config.groups(theirs);
        return new Shown(
                subject,
                said.text(config.claims().name()).orElse(""),
                said.text(config.claims().displayName()).orElse(""),
                groups,
                config.everybody() || !groups.isEmpty(),
                shownAt);
    }

    private URI back() {
        return URI.create(url + BACK);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        outward.close();
    }
}
