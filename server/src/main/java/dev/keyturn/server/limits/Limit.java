package dev.keyturn.server.limits;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * One bound that an operator can set with {@code --limit NAME=VALUE}. Values are whole numbers; what they count is in
 * the name. Why each is what it is, and what the answer beyond it is, stands in docs/limits.md.
 */
public enum Limit {
    /** TCP connections that are open at once. */
    CONNECTIONS("connections", 4, 1_000_000, 128 << 10, 64, 1024),
    /** Of these, from one address (an IPv6 /64). */
    CONNECTIONS_PER_ADDRESS("connections-per-address", 1, 1_000_000, 256 << 10, 32, 512),
    /** Connections that one address opens in a minute, after as many at once as it may have open. */
    NEW_CONNECTIONS_PER_ADDRESS("new-connections-per-address", 1, 10_000_000, 6000),
    /** TLS handshakes that are computed at once. */
    HANDSHAKES("handshakes", 1, 10_000, Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
    /** From the opening of a connection to the end of its first request's head, the TLS handshake included. */
    HEAD_SECONDS("head-seconds", 1, 3600, 10),
    /** Between two requests of a connection that a caller was known on. */
    IDLE_SECONDS("idle-seconds", 1, 3600, 60),
    /** Bytes of request bodies that are held at once, of callers whose token was checked. */
    BODY_MEMORY("body-memory", 1 << 20, 1L << 40, 32, 2 << 20, 1L << 30),
    /** Of these, of one principal. */
    BODY_MEMORY_PER_PRINCIPAL("body-memory-per-principal", 1 << 20, 1L << 40, 64, 1 << 20, 1L << 29),
    /** Bytes a second that a body must bring, and an answer must be taken with. */
    BYTES_PER_SECOND("bytes-per-second", 1, 1 << 30, 16 << 10),
    /** Seconds that a body or an answer may take beyond that. */
    GRACE_SECONDS("grace-seconds", 1, 3600, 10),
    /** Bytes of large answers that are being sent at once. */
    ANSWER_MEMORY("answer-memory", 1 << 20, 1L << 40, 16, 4 << 20, 1L << 31),
    /** Bodies that are read at once of callers without a token, as for signing in. */
    OPEN_BODIES("open-bodies", 1, 1_000_000, 128),
    /** Of these, from one address. */
    OPEN_BODIES_PER_ADDRESS("open-bodies-per-address", 1, 1_000_000, 64),
    /** Requests with a valid token that are under way at once. */
    REQUESTS("requests", 1, 1_000_000, 512),
    /** Of these, of one principal. */
    REQUESTS_PER_PRINCIPAL("requests-per-principal", 1, 1_000_000, 256),
    /** Pages that are told of changes as they happen: each holds a connection. */
    STREAMS("streams", 0, 1_000_000, 512 << 10, 32, 256),
    /** Of these, of one person. Browsers open six connections to a server, and need some for other things. */
    STREAMS_PER_PRINCIPAL("streams-per-principal", 0, 1_000_000, 4),
    /** RSA keys of one principal that are being made or checked, or wait for it. */
    KEY_GENERATIONS_PER_PRINCIPAL("key-generations-per-principal", 1, 100_000, 16),
    /** RSA keys of each size that are made before anybody asks for them. */
    READY_KEYS("ready-keys", 0, 1000, 8),
    /** Private operations of one principal that are under way or wait. */
    KEY_USES_PER_PRINCIPAL("key-uses-per-principal", 1, 100_000, 256),
    /** Requests for a token from one address in a minute. */
    TOKENS_PER_ADDRESS("tokens-per-address", 1, 10_000_000, 1200),
    /** Of these, refused ones. */
    FAILED_TOKENS_PER_ADDRESS("failed-tokens-per-address", 1, 10_000_000, 60),
    /** Refused requests for a token from one address about one client in a minute. */
    FAILED_TOKENS_PER_CLIENT("failed-tokens-per-client", 1, 10_000_000, 10),
    /** Refused tries in a minute to sign in to the portal as one person, from wherever. */
    FAILED_SIGN_INS_PER_PERSON("failed-sign-ins-per-person", 1, 10_000_000, 30),
    /** What an outside provider answered to browsers of one address that had begun a sign-in, in a minute. */
    OUTSIDE_ANSWERS_PER_ADDRESS("outside-answers-per-address", 1, 10_000_000, 120),
    /** Clients that show a device code and wait for a person to type it, at once. */
    OPEN_DEVICE_CODES("open-device-codes", 1, 1_000_000, 1024),
    /** Of these, from one address. */
    OPEN_DEVICE_CODES_PER_ADDRESS("open-device-codes-per-address", 1, 1_000_000, 64),
    /** How old the state may be that /readyz tells. */
    READY_SECONDS("ready-seconds", 1, 3600, 2),
    /** Days that records of who did what are kept, at least. */
    AUDIT_DAYS("audit-days", 1, 36_500, 400);

    private final String text;
    private final long least;
    private final long most;
    private final long heapShare;
    private final long atLeast;
    private final long atMost;

    Limit(String text, long least, long most, long byDefault) {
        this(text, least, most, Long.MAX_VALUE, byDefault, byDefault);
    }

    /** By default, the heap divided by {@code heapShare}, between {@code atLeast} and {@code atMost}. */
    Limit(String text, long least, long most, long heapShare, long atLeast, long atMost) {
        this.text = text;
        this.least = least;
        this.most = most;
        this.heapShare = heapShare;
        this.atLeast = atLeast;
        this.atMost = atMost;
    }

    /** The name on the command line. */
    public String text() {
        return text;
    }

    /** What holds where nobody says otherwise, in a process whose heap may grow to so many bytes. */
    public long byDefault(long maxHeap) {
        return Math.clamp(maxHeap / heapShare, atLeast, atMost);
    }

    static Optional<Limit> named(String text) {
        return Stream.of(values()).filter(l -> l.text.equals(text)).findFirst();
    }

    /** What is wrong with a value; empty where nothing is. */
    Optional<String> problem(long value) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(
                        "The limit " + text + " must be between " + least + " and " + most + ", not " + value + ".");
    }
}
