package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.time.ServerTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;

/**
 * What an authenticator is given to sign. A challenge says by itself what it is for, for whom and until when, under an
 * HMAC-SHA256 that covers also what binds it: the browser, or the session. So to make one costs no write, every node knows
 * it, and it is worth nothing in another browser. That it is answered once is {@link PasskeyStore#answered}'s to see to.
 * Thread-safe.
 */
public final class Challenges {
    /** How long somebody may take. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final String HMAC = "HmacSHA256";
    private static final int NONCE = 16;
    private static final int BODY = 1 + NONCE + Long.BYTES + 2 * Long.BYTES;
    private static final int TAG = 32;
    private static final UUID NOBODY = new UUID(0, 0);

    private final Key key;
    private final ServerTime time;
    private final SecureRandom random;

    /** @param key of HMAC-SHA256, the same on every node and after every start */
    public Challenges(Key key, ServerTime time, SecureRandom random) {
        this.key = key;
        this.time = time;
        this.random = random;
    }

    enum Purpose {
        /** To sign in with nothing else. */
        ALONE(1),
        /** To sign in after a password that was right. */
        SECOND(2),
        /** To add a passkey. */
        MAKE(3);

        private final byte code;

        Purpose(int code) {
            this.code = (byte) code;
        }

        private static Optional<Purpose> of(byte code) {
            return Stream.of(values()).filter(p -> p.code == code).findFirst();
        }
    }

    /** {@code person} is empty where whoever answers is not known before. */
    record Issued(Purpose purpose, Optional<PrincipalId> person, String id, Instant over) {}

    /** As base64url. */
    String make(Purpose purpose, Optional<PrincipalId> person, String binding) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        UUID who = person.map(PrincipalId::value).orElse(NOBODY);
        byte[] body = ByteBuffer.allocate(BODY)
                .put(purpose.code)
                .put(nonce)
                .putLong(time.latest().plus(LIFETIME).toEpochMilli())
                .putLong(who.getMostSignificantBits())
                .putLong(who.getLeastSignificantBits())
                .array();
        byte[] whole = Arrays.copyOf(body, BODY + TAG);
        System.arraycopy(tag(body, binding), 0, whole, BODY, TAG);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /**
     * The challenge that this text is; empty where it was not made here, or not with this binding. Whether it is over is
     * not asked.
     *
     * @param binding of what the challenge says that it is; nothing of that is certain when this is asked
     */
    Optional<Issued> open(String text, Function<Issued, String> binding) {
        Optional<byte[]> whole = bytes(text);
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(whole.get(), BODY);
        ByteBuffer read = ByteBuffer.wrap(body);
        Optional<Purpose> purpose = Purpose.of(read.get());
        if (purpose.isEmpty()) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE];
        read.get(nonce);
        Instant over = Instant.ofEpochMilli(read.getLong());
        UUID who = new UUID(read.getLong(), read.getLong());
        Issued issued = new Issued(
                purpose.get(),
                Optional.of(who).filter(w -> !w.equals(NOBODY)).map(PrincipalId::new),
                Base64.getUrlEncoder().withoutPadding().encodeToString(nonce),
                over);
        byte[] brought = Arrays.copyOfRange(whole.get(), BODY, BODY + TAG);
        return MessageDigest.isEqual(tag(body, binding.apply(issued)), brought)
                ? Optional.of(issued)
                : Optional.empty();
    }

    private static Optional<byte[]> bytes(String text) {
        if (text.length() > 2 * (BODY + TAG)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text)).filter(b -> b.length == BODY + TAG);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] tag(byte[] body, String binding) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(body);
            return mac.doFinal(binding.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an HMAC cannot be made", e);
        }
    }
}
