package dev.keyturn.server.identity.outside;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the provider says of itself, and its public keys: asked for when they are needed, by one request at a time, and kept.
 * A failure is kept too, for a short time, and a key that nobody knows makes the server ask again once in a minute: so
 * nobody who comes here can make it ask the provider without end. Thread-safe.
 */
final class Provider {
    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final Duration KEPT = Duration.ofHours(1);
    /** How old what was good may be while there is nothing newer to be had. */
    private static final Duration AT_WORST = Duration.ofHours(6);

    private static final Duration KEYS_AGAIN = Duration.ofMinutes(1);

    /** How long nobody asks again after a failure. */
    static final Duration REST = Duration.ofSeconds(10);

    private final String issuer;
    private final Outward outward;
    private final Kept<OIDCProviderMetadata> metadata;
    private final Kept<JWKSet> keys;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    Provider(String issuer, Outward outward, Duration patience, LongSupplier nanos) {
        this.issuer = issuer;
        this.outward = outward;
        this.metadata = new Kept<>(nanos, patience, this::discover);
        this.keys = new Kept<>(nanos, patience, this::fetchKeys);
    }

    OIDCProviderMetadata metadata() throws ProviderAwayException {
        return metadata.get(KEPT, AT_WORST);
    }

    /** The keys that a signature with this header may be of; none where the provider has none. */
    List<JWK> keys(JWSHeader header) throws ProviderAwayException {
        JWKSelector wanted = new JWKSelector(JWKMatcher.forJWSHeader(header));
        List<JWK> found = wanted.select(keys.get(KEPT, AT_WORST));
        return found.isEmpty() ? wanted.select(keys.get(KEYS_AGAIN, KEYS_AGAIN)) : found;
    }

    private OIDCProviderMetadata discover() throws ProviderAwayException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        String text = fetch(URI.create(base + "/.well-known/openid-configuration"));
        OIDCProviderMetadata found;
        try {
            found = OIDCProviderMetadata.parse(text);
        } catch (ParseException | RuntimeException e) { // the library has both for what is not as it should be
            throw new ProviderAwayException("what the provider says of itself is not usable: " + e.getMessage());
        }
        if (!found.getIssuer().getValue().equals(issuer)) {
            throw new ProviderAwayException("the provider calls itself '" + found.getIssuer() + "', which is not what"
                    + " --oidc-issuer says: '" + issuer + "'");
        }
        requireHttps("authorization_endpoint", found.getAuthorizationEndpointURI());
        requireHttps("token_endpoint", found.getTokenEndpointURI());
        requireHttps("jwks_uri", found.getJWKSetURI());
        return found;
    }

    private static void requireHttps(String what, URI at) throws ProviderAwayException {
        if (Optional.ofNullable(at).filter(Provider::https).isEmpty()) {
            throw new ProviderAwayException("the provider names no https address as its " + what);
        }
    }

    static boolean https(URI at) {
        return "https".equals(at.getScheme()) && at.getHost() != null;
    }

    private JWKSet fetchKeys() throws ProviderAwayException {
        String text = fetch(metadata().getJWKSetURI());
        List<JWK> usable = new ArrayList<>();
        try {
            List<Object> all = Optional.ofNullable(JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(text), "keys"))
                    .orElseThrow(() -> new ProviderAwayException("the provider's keys are not usable: there are none"));
            for (Object key : all) {
                usable(key).ifPresent(usable::add);
            }
        } catch (java.text.ParseException | RuntimeException e) {
            throw new ProviderAwayException("the provider's keys are not usable: " + e.getMessage());
        }
        return new JWKSet(usable);
    }

    /** One that the library does not know, of a newer kind, must not be in the way of the others. */
    private static Optional<JWK> usable(Object key) {
        if (!(key instanceof Map<?, ?> members)) {
            return Optional.empty();
        }
        Map<String, Object> named = new HashMap<>();
        members.forEach((name, value) -> named.put(String.valueOf(name), value));
        try {
            return Optional.of(JWK.parse(named));
        } catch (java.text.ParseException | RuntimeException e) {
            LOG.info("a key of the provider is left out: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private String fetch(URI at) throws ProviderAwayException {
        Outward.Answer answer = outward.get(at, Map.of());
        if (answer.status() != 200) {
            throw new ProviderAwayException(at + " answers " + answer.status() + " instead of 200");
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface Fetch<T> {
        T get() throws ProviderAwayException;
    }

    /** One thing that is fetched, with when that was tried last. */
    private static final class Kept<T> {
        private final LongSupplier nanos;
        private final Duration patience;
        private final Fetch<T> fetch;
        private final ReentrantLock lock = new ReentrantLock();
        private Optional<T> value = Optional.empty();
        private Optional<String> failure = Optional.empty();
        private long fetched;
        private long failed;

        Kept(LongSupplier nanos, Duration patience, Fetch<T> fetch) {
            this.nanos = nanos;
            this.patience = patience;
            this.fetch = fetch;
        }

        /** What is no older than {@code age}; where nothing newer can be had, than {@code atWorst}. */
        T get(Duration age, Duration atWorst) throws ProviderAwayException {
            try {
                if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ProviderAwayException("the provider is still being asked by somebody else");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProviderAwayException("interrupted while the provider was asked");
            }
            try {
                return locked(age, atWorst);
            } finally {
                lock.unlock();
            }
        }

        private T locked(Duration age, Duration atWorst) throws ProviderAwayException {
            long now = nanos.getAsLong();
            if (value.isPresent() && now - fetched < age.toNanos()) {
                return value.get();
            }
            boolean good = value.isPresent() && now - fetched < atWorst.toNanos();
            if (failure.isPresent() && now - failed < REST.toNanos()) {
                if (good) {
                    return value.get();
                }
                throw new ProviderAwayException(failure.get());
            }
            try {
                T found = fetch.get();
                value = Optional.of(found);
                failure = Optional.empty();
                fetched = now;
                return found;
            } catch (ProviderAwayException e) {
                LOG.warn("people cannot sign in at the provider now: {}", e.getMessage());
                failure = Optional.of(String.valueOf(e.getMessage()));
                failed = nanos.getAsLong();
                if (good) {
                    return value.get();
                }
                throw e;
            }
        }
    }
}
