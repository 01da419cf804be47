package dev.keyturn.server.identity;

import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.time.ServerTime;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a client asked for a sign-in that is newer than its request ({@code prompt=login}, OpenID Connect Core, 3.1.2.1): a
 * mark that this server adds to the request as it arrives, and that comes back with it after the sign-in. It is under an
 * HMAC with what makes the request one of its own, so that no other time can be put in its place. Thread-safe.
 */
public final class AskedAt {
    /** A sign-in that comes later is none that the request asked for. */
    static final Duration LASTS = Duration.ofHours(1);

    private static final Pattern MARK = Pattern.compile("([0-9]{1,15})\\.([A-Za-z0-9_-]{43})");

    private final Key key;
    private final ServerTime time;

    /** @param key of HMAC-SHA256, the same on every node and after every start */
    public AskedAt(Key key, ServerTime time) {
        this.key = key;
        this.time = time;
    }

    /** A mark of now, by the server's own time, for the request with these fields. */
    String now(Map<String, String> request) {
        String at = Long.toString(time.latest().toEpochMilli());
        return at + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(tag(at, request));
    }

    /**
     * When the request with these fields arrived; empty where the mark is none of this server's, or another request's, or
     * older than {@link #LASTS}.
     */
    Optional<Instant> read(String mark, Map<String, String> request) {
        Matcher parts = MARK.matcher(mark);
        return parts.matches()
                        && MessageDigest.isEqual(
                                Base64.getUrlDecoder().decode(parts.group(2)), tag(parts.group(1), request))
                ? Optional.of(Instant.ofEpochMilli(Long.parseLong(parts.group(1))))
                        .filter(at -> !at.isBefore(time.latest().minus(LASTS)))
                : Optional.empty();
    }

    private byte[] tag(String at, Map<String, String> request) {
        List<byte[]> parts = new ArrayList<>();
        for (String field : List.of("client_id", "code_challenge", "state", "nonce")) {
            byte[] value = request.getOrDefault(field, "").getBytes(StandardCharsets.UTF_8);
            parts.add((field + " " + value.length + " ").getBytes(StandardCharsets.UTF_8));
            parts.add(value);
        }
        parts.add(at.getBytes(StandardCharsets.UTF_8));
        return MacKey.tag(key, parts.toArray(byte[][]::new));
    }
}
