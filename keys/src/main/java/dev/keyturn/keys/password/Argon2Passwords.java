package dev.keyturn.keys.password;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.PasswordHasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) over 19 MiB in two passes, one lane. A hash stands as {@code
 * $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH}, base64 without padding: with its parameters, so that they can be
 * raised and older hashes still match.
 *
 * <p>They are computed on platform threads of their own, half as many as there are processors: on the virtual threads of
 * requests they would keep everything else from running. {@value #WAITING} may wait; beyond that one is refused at once.
 * Thread-safe.
 */
public final class Argon2Passwords implements PasswordHasher, AutoCloseable {
    static final int WAITING = 16;
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final int KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int SALT = 16;
    private static final int LENGTH = 32;
    private static final int MOST_KIB = 64 * 1024;
    private static final int MOST_PASSES = 10;
    private static final Pattern FORM = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=1"
            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private final SecureRandom random;
    private final ThreadPoolExecutor threads;

    public Argon2Passwords(SecureRandom random) {
        this.random = random;
        int size = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                size,
                size,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("password-", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Stored(int kib, int passes, byte[] salt, byte[] hash) {
        static Optional<Stored> parse(String text) {
            Matcher m = FORM.matcher(text);
            if (!m.matches()) {
                return Optional.empty();
            }
            int kib = Integer.parseInt(m.group(1));
            int passes = Integer.parseInt(m.group(2));
            if (kib < 8 || kib > MOST_KIB || passes < 1 || passes > MOST_PASSES) {
                return Optional.empty();
            }
            Base64.Decoder decoder = Base64.getDecoder();
            try {
                return Optional.of(new Stored(kib, passes, decoder.decode(m.group(3)), decoder.decode(m.group(4))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    @Override
    public String hash(String password) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] hash = compute(password, KIB, PASSES, salt, LENGTH);
        return "$argon2id$v=19$m=" + KIB + ",t=" + PASSES + ",p=1$" + ENCODER.encodeToString(salt) + "$"
                + ENCODER.encodeToString(hash);
    }

    @Override
    public boolean matches(String stored, String password) {
        return Stored.parse(stored)
                .map(s -> MessageDigest.isEqual(
                        s.hash(), compute(password, s.kib(), s.passes(), s.salt(), s.hash().length)))
                .orElse(false);
    }

    private byte[] compute(String password, int kib, int passes, byte[] salt, int length) {
        try {
            return threads.submit(() -> argon2(password, kib, passes, salt, length))
                    .get();
        } catch (RejectedExecutionException e) {
            throw new DomainError.Throttled(
                            ErrorInfo.of(
                                    "TooManySignIns", "Too many people are signing in. Try again in a few seconds."),
                            RETRY)
                    .asException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DomainError.Unavailable(ErrorInfo.of("ServiceUnavailable", "The server is stopping."))
                    .asException();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a password could not be hashed", e.getCause());
        }
    }

    private static byte[] argon2(String password, int kib, int passes, byte[] salt, int length) {
        byte[] clear = password.getBytes(StandardCharsets.UTF_8);
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(kib)
                    .withIterations(passes)
                    .withParallelism(1)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[length];
            generator.generateBytes(clear, hash);
            return hash;
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }
}
