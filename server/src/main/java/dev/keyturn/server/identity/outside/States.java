package dev.keyturn.server.identity.outside;

import dev.keyturn.core.envelope.MacKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What goes to the provider and comes back with its answer. A state says until when it is good and where it leads, to this
 * server alone: it is sealed with AES-256-GCM (NIST SP 800-38D), which covers also the cookie of the browser; nonce and PKCE
 * verifier are HMACs of the same. So nothing is kept of a sign-in that was begun, however many are begun; the provider, and
 * whoever reads its log, sees nothing of the page that somebody wants to see; and a state is worth nothing in another
 * browser. That an answer is taken once is the caller's to see to. Thread-safe.
 */
final class States {
    /** How long somebody may take at the provider. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int ID = 16;
    private static final int HEAD = 2 * Long.BYTES + 1 + ID;
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int LONGEST = 4096;

    private final Key key;
    private final SecretKeySpec seal;
    private final Supplier<Instant> time;
    private final Supplier<Instant> clock;
    private final SecureRandom random;

    /**
     * @param key of HMAC-SHA256, the same on every node and after every start
     * @param time the server's own, which no clock sets back
     * @param clock what the provider's times are held against
     */
    States(Key key, Supplier<Instant> time, Supplier<Instant> clock, SecureRandom random) {
        this.key = key;
        this.seal = new SecretKeySpec(MacKey.tag(key, "seal of states".getBytes(StandardCharsets.UTF_8)), "AES");
        this.time = time;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A sign-in that was begun.
     *
     * @param id of this one, for the record that it was answered
     * @param over until when it is good, by the server's own time
     * @param asked when it was begun, by the clock, in whole seconds
     * @param again the person shall show now who it is, known or not
     */
    record Pending(
            String state,
            String id,
            Instant over,
            Instant asked,
            boolean again,
            String go,
            String nonce,
            String verifier) {
        @Override
        public String toString() {
            return "Pending[" + id + "]";
        }
    }

    /** @param browser the cookie of the browser */
    Pending begin(String go, boolean again, String browser) {
        byte[] id = new byte[ID];
        random.nextBytes(id);
        byte[] to = go.getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(HEAD + to.length)
                .putLong(time.get().plus(LIFETIME).toEpochMilli())
                .putLong(clock.get().getEpochSecond())
                .put((byte) (again ? 1 : 0))
                .put(id)
                .put(to)
                .array();
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] whole = ByteBuffer.allocate(NONCE + body.length + TAG)
                .put(nonce)
                .put(sealed(body, nonce, browser))
                .array();
        return pending(text(whole), body, browser);
    }

    /** Empty where it was not made here for this browser, or is over. */
    Optional<Pending> open(String state, String browser) {
        if (state.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(state);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return opened(whole, browser)
                .map(body -> pending(state, body, browser))
                .filter(p -> time.get().isBefore(p.over()));
    }

    private byte[] sealed(byte[] body, byte[] nonce, String browser) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, nonce, browser).doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a state cannot be sealed", e);
        }
    }

    private Optional<byte[]> opened(byte[] whole, String browser) {
        if (whole.length < NONCE + HEAD + TAG) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(whole, NONCE), browser)
                    .doFinal(whole, NONCE, whole.length - NONCE));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a state cannot be opened", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String browser) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, seal, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        cipher.updateAAD(("state " + browser).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private Pending pending(String state, byte[] body, String browser) {
        ByteBuffer read = ByteBuffer.wrap(body);
        Instant over = Instant.ofEpochMilli(read.getLong());
        Instant asked = Instant.ofEpochSecond(read.getLong());
        boolean again = read.get() == 1;
        byte[] id = new byte[ID];
        read.get(id);
        byte[] go = new byte[read.remaining()];
        read.get(go);
        return new Pending(
                state,
                text(id),
                over,
                asked,
                again,
                new String(go, StandardCharsets.UTF_8),
                text(tag("nonce", body, browser)),
                text(tag("verifier", body, browser)));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] tag(String purpose, byte[] body, String browser) {
        return MacKey.tag(key, (purpose + " " + browser + " ").getBytes(StandardCharsets.UTF_8), body);
    }
}
