package dev.keyturn.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.SigningKey;
import dev.keyturn.core.identity.SigningKeyStore;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The RSA keys that tokens are signed with, newest first. Made at the first start, at rest only under the master key.
 * A new one takes over when the newest is old; an old one goes when nothing it signed can still be valid. Thread-safe;
 * a key that another node made is found when a token names it, and published within {@link #refresh a few seconds}.
 */
public final class SigningKeys {
    static final Duration ROTATE_AFTER = Duration.ofDays(90);
    /** Three readings, and what clocks may be apart. */
    static final Duration KNOWN_AFTER = Duration.ofSeconds(20);

    private static final int BITS = 2048;

    private final Transactions transactions;
    private final SigningKeyStore store;
    private final PlatformKey master;
    private final Clock clock;
    private final ServerTime time;

    private record Opened(RSAKey key, Instant madeAt) {}

    private volatile List<Opened> keys = List.of();
    private volatile Instant newest = Instant.MIN;

    public SigningKeys(Transactions transactions, SigningKeyStore store, PlatformKey master, Clock clock) {
        this(transactions, store, master, clock, ServerTime.of(clock));
    }

    /** @param time what ends the keys: a clock that jumps ends none */
    public SigningKeys(
            Transactions transactions, SigningKeyStore store, PlatformKey master, Clock clock, ServerTime time) {
        this.time = time;
        this.transactions = transactions;
        this.store = store;
        this.master = master;
        this.clock = clock;
    }

    /** Loads the keys, makes one where there is none or the newest is due, drops those nobody needs any more. */
    public synchronized void renew() {
        load();
        if (keys.isEmpty() || !clock.instant().isBefore(newest.plus(ROTATE_AFTER))) {
            SigningKey made = generate();
            transactions.run(tx -> {
                boolean stillDue = store.all(tx).stream()
                        .findFirst()
                        .map(k -> k.createdAt().equals(newest))
                        .orElse(true);
                if (stillDue) { // another node may have been quicker
                    store.insert(tx, made);
                }
            });
        }
        Instant gone = time.reached().minus(ROTATE_AFTER).minus(Tokens.LIFETIME).minus(Duration.ofDays(1));
        transactions.run(tx -> store.deleteCreatedBefore(tx, gone));
        load();
    }

    /** Reads again what other nodes made or dropped, where they did. To be called every few seconds. */
    public void refresh() {
        List<String> there =
                transactions.read(store::all).stream().map(SigningKey::kid).toList();
        if (!there.equals(keys.stream().map(k -> k.key().getKeyID()).toList())) {
            load();
        }
    }

    /**
     * The newest that every node has had time to read; the oldest there is where none is as old as that. A key has been
     * published by all nodes for a while before a token is signed with it.
     */
    RSAKey current() {
        List<Opened> now = keys;
        Instant known = clock.instant().minus(KNOWN_AFTER);
        return now.stream()
                .filter(k -> !k.madeAt().isAfter(known))
                .findFirst()
                .orElseGet(now::getLast)
                .key();
    }

    /** The key of that id; asks the store once more where it is not known here. */
    Optional<RSAKey> find(String kid) {
        Optional<RSAKey> known = known(kid);
        if (known.isPresent()
                || transactions.read(store::all).stream().noneMatch(k -> k.kid().equals(kid))) {
            return known;
        }
        load();
        return known(kid);
    }

    /** The public halves, for JWKS. */
    JWKSet published() {
        return new JWKSet(keys.stream()
                .map(k -> k.key().toPublicJWK())
                .map(k -> (com.nimbusds.jose.jwk.JWK) k)
                .toList());
    }

    private Optional<RSAKey> known(String kid) {
        return keys.stream()
                .map(Opened::key)
                .filter(k -> k.getKeyID().equals(kid))
                .findFirst();
    }

    private synchronized void load() {
        List<SigningKey> stored = transactions.read(store::all);
        keys = stored.stream().map(k -> new Opened(open(k), k.createdAt())).toList();
        newest = stored.stream().findFirst().map(SigningKey::createdAt).orElse(Instant.MIN);
    }

    private SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            String kid = new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .keyIDFromThumbprint()
                    .build()
                    .getKeyID();
            try (SecretBytes encoded = SecretBytes.adopt(pair.getPrivate().getEncoded())) {
                return new SigningKey(kid, master.seal(encoded, context(kid)), clock.instant());
            }
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("cannot make a token signing key", e);
        }
    }

    private RSAKey open(SigningKey key) {
        try (SecretBytes encoded = master.open(key.sealed(), context(key.kid()))) {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey secret = (RSAPrivateCrtKey) encoded.reveal(bytes -> {
                try {
                    return rsa.generatePrivate(new PKCS8EncodedKeySpec(bytes));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            });
            var open = rsa.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
            return new RSAKey.Builder((RSAPublicKey) open)
                    .privateKey(secret)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyID(key.kid())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("token signing key " + key.kid() + " cannot be read", e);
        }
    }

    private static String context(String kid) {
        return "token-signing-key/" + kid;
    }
}
